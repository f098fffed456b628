namespace Integrations.Core.Webhooks;

/// <summary>The names that bind ciphertexts to their columns.</summary>
internal static class WebhookColumns
{
    public const string Secret = "WebhookEndpoint.Secret";
    public const string PreviousSecret = "WebhookEndpoint.PreviousSecret";
    public const string Headers = "WebhookEndpoint.Headers";
}

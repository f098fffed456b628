using System.Globalization;
using Integrations.Sandbox.Providers;

namespace Integrations.Sandbox.Demo;

/// <summary>The demo's organization and the settings of its hub. The secrets are no secrets: the demo listens on this machine only and starts afresh each time.</summary>
internal static class DemoSettings
{
    public const string Email = "owner@demo.example";
    public const string Password = "harbour-coffee-demo";

    public static string ApiKey { get; } = "sk_" + Mint.Letters(43, "demo", "api key");

    public static Dictionary<string, string?> Of(Uri hub, string data, IReadOnlyDictionary<string, string?> providers) => new(providers, StringComparer.OrdinalIgnoreCase)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_URLS"] = hub.GetLeftPart(UriPartial.Authority),
        ["PublicUrl"] = hub.GetLeftPart(UriPartial.Authority),
        ["Data:Directory"] = data,
        ["Setup:AdminEmail"] = Email,
        ["Setup:AdminPassword"] = Password,
        ["Setup:Organization"] = "Demo",
        ["Setup:ApiKey"] = ApiKey,
    };

    public static string Announcement(Uri hub, Uri sandbox) => string.Create(CultureInfo.InvariantCulture, $"""

        The hub      {hub.GetLeftPart(UriPartial.Authority)}
        E-mail       {Email}
        Password     {Password}
        API key      {ApiKey}
        The sandbox  {sandbox.GetLeftPart(UriPartial.Authority)}

        Every provider of the catalogue can be connected: by consent, or with these keys and webhook URLs.
        {Keys(sandbox)}

        Ctrl+C ends both. The next start begins afresh.
        """);

    private static string Keys(Uri sandbox)
    {
        (string Name, string Value)[] keys =
        [
            ("Stripe", SandboxKeys.StripeSecret),
            ("Slack", SandboxKeys.SlackBot),
            ("Mailchimp", SandboxKeys.Mailchimp),
            ("SendGrid", SandboxKeys.SendGrid),
            ("HubSpot", SandboxKeys.HubSpotPrivateApp),
            ("SQL Accounting", $"{SandboxKeys.SqlAccountingAccessKey}  {SandboxKeys.SqlAccountingSecretKey}"),
            ("AutoCount", $"{SandboxKeys.AutoCountKeyId}  {SandboxKeys.AutoCountApiKey}  book {SandboxKeys.AutoCountBook}"),
            ("Salesforce", $"{SandboxKeys.SalesforceToken}  instance {new Uri(sandbox, "/providers/salesforce").AbsoluteUri}"),
            ("Zoho", SandboxKeys.ZohoToken),
            ("Google Drive", SandboxKeys.GoogleDriveToken),
            ("Dropbox", SandboxKeys.DropboxToken),
            ("Facebook", SandboxKeys.FacebookToken),
            ("Zapier", new Uri(sandbox, "/receive/zapier/123456").AbsoluteUri),
            ("Make", new Uri(sandbox, "/receive/make/123456").AbsoluteUri),
            ("n8n", new Uri(sandbox, "/receive/n8n/123456").AbsoluteUri),
            ("Custom webhook", new Uri(sandbox, "/receive/custom").AbsoluteUri),
        ];
        return string.Join('\n', keys.Select(key => $"  {key.Name,-15}{key.Value}"));
    }
}

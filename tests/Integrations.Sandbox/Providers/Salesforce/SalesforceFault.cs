using System.Text.Json.Serialization;

namespace Integrations.Sandbox.Providers.Salesforce;

/// <summary>What is wrong with one record.</summary>
internal sealed record SalesforceFault(
    [property: JsonPropertyName("statusCode")] string Code, [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("fields")] IReadOnlyList<string> Fields)
{
    /// <summary>The same, as calls for one record have it.</summary>
    [JsonPropertyName("errorCode")]
    public string ErrorCode => Code;
}

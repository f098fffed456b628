using System.Text.Json;

namespace Integrations.Sandbox.Providers;

internal static class RequestBody
{
    public static async Task<byte[]> ReadBytesAsync(this HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }

    /// <summary>The JSON object that was sent; null when it is none, or is not said to be JSON.</summary>
    public static async Task<JsonElement?> ReadObjectAsync(this HttpRequest request)
    {
        if (!request.HasMediaType("application/json"))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(await request.ReadBytesAsync());
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool HasMediaType(this HttpRequest request, string type) =>
        (request.ContentType ?? "").Split(';')[0].Trim().Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text under this name; null when it is missing or no text.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>What follows the scheme in the Authorization header; null when there is none or it has another scheme.</summary>
    public static string? Authorization(this HttpRequest request, string scheme)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase) ? header[(scheme.Length + 1)..].Trim() : null;
    }
}

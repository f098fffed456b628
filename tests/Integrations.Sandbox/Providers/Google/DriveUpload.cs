using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>A file as it was sent: what is said of it, and what is in it.</summary>
internal sealed record DriveUpload(JsonElement? Metadata, string? ContentType, byte[] Content)
{
    public string Name => Metadata?.Text("name") ?? "Untitled";

    public string MimeType => Metadata?.Text("mimeType") ?? ContentType ?? "application/octet-stream";

    public IEnumerable<string> Parents => Metadata is { } metadata && metadata.TryGetProperty("parents", out var parents) && parents.ValueKind == JsonValueKind.Array
        ? parents.EnumerateArray().Select(parent => parent.GetString() ?? "")
        : [];

    /// <summary>Null when it is not multipart/related with JSON first and the content second.</summary>
    public static async Task<DriveUpload?> ReadMultipartAsync(HttpRequest request)
    {
        if (!request.HasMediaType("multipart/related") || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Boundary.Length == 0)
        {
            return null;
        }

        try
        {
            var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), request.Body);
            return await reader.ReadNextSectionAsync() is { } first && (first.ContentType ?? "").StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
                && Parse(await ReadAsync(first)) is { } metadata && await reader.ReadNextSectionAsync() is { } second
                    ? new DriveUpload(metadata, second.ContentType, await ReadAsync(second))
                    : null;
        }
        catch (IOException)
        {
            return null;
        }

        static JsonElement? Parse(byte[] json)
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    private static async Task<byte[]> ReadAsync(MultipartSection section)
    {
        using var content = new MemoryStream();
        await section.Body.CopyToAsync(content);
        return content.ToArray();
    }
}

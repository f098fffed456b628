using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Integrations.Core.Security;

namespace Integrations.Core.Providers;

/// <summary>A provider's answer, read whole and bounded.</summary>
/// <param name="Provider">The provider's name, for messages.</param>
public sealed record ProviderAnswer(string Provider, HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, ReadOnlyMemory<byte> Body)
{
    private JsonElement? _json;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <exception cref="ProviderFault">The body is not JSON.</exception>
    public JsonElement Json => _json ??= TryParse() ?? throw new ProviderFault(ProviderFaultKind.Unavailable, $"{Provider} answered {(int)Status} with something that is not JSON.", Status);

    /// <summary>The body as JSON, or null when it is none.</summary>
    public JsonElement? TryJson() => _json ??= TryParse();

    /// <summary>The first value of a header, or null.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private JsonElement? TryParse()
    {
        try
        {
            var reader = new Utf8JsonReader(Body.Span);
            return JsonElement.TryParseValue(ref reader, out var element) ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Reads JSON whose shape another program decides.</summary>
public static class ProviderJson
{
    /// <summary>Follows a path of member names; null when it leads nowhere or to null.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !JsonRead.TryGet(element, name, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    /// <summary>A text, number or truth value at a path as text; null when there is none.</summary>
    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => null,
    };

    /// <summary>The elements of an array at a path; none when there is no array.</summary>
    public static IEnumerable<JsonElement> ItemsAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}

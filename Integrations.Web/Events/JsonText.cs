using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Integrations.Web.Events;

/// <summary>JSON that people type.</summary>
public static class JsonText
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same JSON over several lines; null for what is no JSON.</summary>
    public static string? Indent(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, _indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with a text that has to be a JSON object, with the line; null when nothing is.</summary>
    public static string? WhyNotObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? null : "Give a JSON object: it begins with { and ends with }.";
        }
        catch (JsonException exception)
        {
            return exception.LineNumber is { } line ? $"This is not valid JSON; look at line {line + 1}." : "This is not valid JSON.";
        }
    }

    /// <summary>The bytes without the white space between the parts; numbers and texts stay as they were typed.</summary>
    public static byte[] Compact(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        using MemoryStream stream = new(bytes.Length);
        var reader = new Utf8JsonReader(bytes);
        var needsComma = false;
        while (reader.Read())
        {
            var closes = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (needsComma && !closes)
            {
                stream.WriteByte((byte)',');
            }

            var isText = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String;
            // The value as it stands in the text, escapes included, but without its quotes.
            stream.Write(isText ? "\""u8 : []);
            stream.Write(reader.ValueSpan);
            stream.Write(isText ? "\""u8 : []);
            stream.Write(reader.TokenType == JsonTokenType.PropertyName ? ":"u8 : []);
            needsComma = closes || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);
        }

        return stream.ToArray();
    }
}

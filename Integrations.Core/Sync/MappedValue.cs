using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Sync;

/// <summary>One value on its way through a mapping.</summary>
internal static class MappedValue
{
    /// <summary>The hub's text for a provider's value; null for none.</summary>
    public static string? Read(FieldMapping mapping, JsonElement value, string? currency)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (text.Length == 0)
        {
            return null;
        }

        if (mapping.Values is { } values)
        {
            return values.GetValueOrDefault(text) ?? values.FirstOrDefault(pair => pair.Key.Equals(text, StringComparison.OrdinalIgnoreCase)).Value ?? mapping.OtherValue ?? text;
        }

        return mapping.Transform switch
        {
            FieldTransform.Trim => text.Trim(),
            FieldTransform.Lowercase => text.Trim().ToLowerInvariant(),
            FieldTransform.Uppercase => text.Trim().ToUpperInvariant(),
            // What is no date goes on as it is, so that the check names the field.
            FieldTransform.Date => ValueForms.ReadTime(text) is { } day ? ValueForms.DayText(day) : text,
            FieldTransform.Time => ValueForms.ReadTime(text) is { } time ? ValueForms.TimeText(time) : text,
            FieldTransform.MinorUnits => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var minor)
                ? ValueForms.FromMinorUnits(minor, currency).ToString(CultureInfo.InvariantCulture)
                : text,
            _ => text,
        };
    }

    /// <summary>The provider's value for the hub's; null when the provider has no word for it.</summary>
    public static JsonNode? Write(FieldMapping mapping, object value, string text, string? currency)
    {
        if (mapping.Values is { } values)
        {
            return values.FirstOrDefault(pair => pair.Value == text).Key is { } word ? JsonValue.Create(word) : null;
        }

        switch (mapping.Transform)
        {
            case FieldTransform.Trim:
                return JsonValue.Create(text.Trim());
            case FieldTransform.MinorUnits when value is decimal amount:
                return JsonValue.Create((long)ValueForms.ToMinorUnits(amount, currency));
            case FieldTransform.Date or FieldTransform.Time when ValueForms.ReadTime(text) is { } time:
                return mapping.DateForm switch
                {
                    DateForm.UnixSeconds => JsonValue.Create(time.ToUnixTimeSeconds()),
                    DateForm.UnixMilliseconds => JsonValue.Create(time.ToUnixTimeMilliseconds()),
                    _ => JsonValue.Create(text),
                };
        }

        return value switch
        {
            decimal number => JsonValue.Create(number),
            bool flag => JsonValue.Create(flag),
            JsonElement json => JsonNode.Parse(json.GetRawText()),
            _ when mapping.IsNumber && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}

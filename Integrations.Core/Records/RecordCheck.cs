using System.Globalization;
using System.Text.Json;
using Integrations.Core.Security;

namespace Integrations.Core.Records;

/// <summary>Brings values into the form in which records keep them, whoever sends them: a request, a file, or a provider.</summary>
public static class RecordCheck
{
    private const int MaxFields = 300;
    private const int MaxJson = 64 * 1024;
    private const int MaxTags = 200;
    private const int MaxLines = 500;
    private const decimal MostMoney = 100_000_000_000_000m;

    /// <summary>Sets a field from JSON. JSON's null takes the value away.</summary>
    /// <returns>Why it cannot be set, or null.</returns>
    public static string? Set(RecordFields fields, RecordType type, string name, JsonElement value)
    {
        if (!type.Takes(name))
        {
            return $"{name} is no field of {type.Name}. Free fields go into customFields.";
        }

        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            fields[name] = null;
            return null;
        }

        if (fields[name] is null && fields.Count >= MaxFields)
        {
            return $"A record may have at most {MaxFields} fields.";
        }

        var (read, fault) = type.Find(name) is { } field ? Read(field, name, value) : ReadFree(name, value);
        if (fault is null)
        {
            fields[name] = read;
        }

        return fault;
    }

    /// <summary>Sets a field from text, as files and mappings give it. An empty text takes the value away.</summary>
    /// <returns>Why it cannot be set, or null.</returns>
    public static string? Set(RecordFields fields, RecordType type, string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            fields[name] = null;
            return null;
        }

        if (!type.Takes(name))
        {
            return $"{name} is no field of {type.Name}.";
        }

        var (read, fault) = type.Find(name) is { } field ? ReadText(field, name, text) : text.Length <= RecordField.MaxLongText ? (text, null) : (null, TooLong(name, RecordField.MaxLongText));
        if (fault is null)
        {
            fields[name] = read;
        }

        return fault;
    }

    /// <summary>What is wrong with a record as a whole.</summary>
    public static void CheckWhole(RecordType type, RecordFields fields, Faults faults, string place = "")
    {
        faults.AddIf(fields.Count == 0, place.TrimEnd('.') is { Length: > 0 } at ? at : null, $"A {type.Singular} needs at least one field.");
        foreach (var field in type.Fields.Where(field => field.Kind == RecordFieldKind.Money && field.Name != "balance"))
        {
            faults.AddIf(
                type.Find("currency") is not null && fields[field.Name] is not null && fields["currency"] is null, $"{place}currency", $"currency is needed with {field.Name}, for example USD.");
        }
    }

    private static (object? Value, string? Fault) Read(RecordField field, string name, JsonElement value) => (field.Kind, value.ValueKind) switch
    {
        (RecordFieldKind.Flag, JsonValueKind.True) => (true, null),
        (RecordFieldKind.Flag, JsonValueKind.False) => (false, null),
        (RecordFieldKind.Number or RecordFieldKind.Money, JsonValueKind.Number) => value.TryGetDecimal(out var number) ? ReadNumber(name, number) : (null, $"{name} is out of range."),
        (RecordFieldKind.Tags, JsonValueKind.Array) => ReadTags(name, value),
        (RecordFieldKind.Lines, JsonValueKind.Array) => ReadLines(field, name, value),
        (RecordFieldKind.Tags, _) => (null, $"{name} must be a list of texts."),
        (RecordFieldKind.Lines, _) => (null, $"{name} must be a list of objects."),
        (RecordFieldKind.Time or RecordFieldKind.Date, JsonValueKind.Number) => ReadText(field, name, value.GetRawText()),
        (_, JsonValueKind.String) when value.GetString() is { } text => string.IsNullOrWhiteSpace(text) ? (null, null) : ReadText(field, name, text),
        _ => (null, $"{name} must be {Word(field.Kind)}."),
    };

    private static (object? Value, string? Fault) ReadText(RecordField field, string name, string text)
    {
        if (text.Contains('\0'))
        {
            text = text.Replace("\0", "", StringComparison.Ordinal);
        }

        switch (field.Kind)
        {
            case RecordFieldKind.Number or RecordFieldKind.Money:
                return decimal.TryParse(text, NumberStyles.Number & ~NumberStyles.AllowThousands | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                    ? ReadNumber(name, number)
                    : (null, $"{name} must be a number, such as 12.50.");
            case RecordFieldKind.Flag:
                return text.Trim().ToLowerInvariant() switch
                {
                    "true" or "yes" or "1" or "active" => (true, null),
                    "false" or "no" or "0" or "inactive" => (false, null),
                    _ => (null, $"{name} must be true or false."),
                };
            case RecordFieldKind.Date:
                return ReadTime(text) is { } day ? (day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null) : (null, $"{name} must be a date, such as 2026-11-26.");
            case RecordFieldKind.Time:
                return ReadTime(text) is { } time
                    ? (time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture), null)
                    : (null, $"{name} must be a time, such as 2026-11-26T10:30:00Z.");
            case RecordFieldKind.Word:
                var word = text.Trim().ToLowerInvariant();
                return field.Words.Contains(word) ? (word, null) : (null, $"{name} must be one of {string.Join(", ", field.Words)}.");
            case RecordFieldKind.Currency:
                var currency = text.Trim().ToUpperInvariant();
                return currency.Length == 3 && currency.All(char.IsAsciiLetterUpper) ? (currency, null) : (null, $"{name} must be a currency of three letters, such as USD.");
            case RecordFieldKind.Reference:
                return RecordIds.TryParse(text.Trim(), out _) ? (text.Trim(), null) : (null, $"{name} must be the id of one of the {field.References}.");
            case RecordFieldKind.Tags:
                return ReadTags(name, JsonSerializer.SerializeToElement(text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
            case RecordFieldKind.Lines:
                return TryParse(text) is { ValueKind: JsonValueKind.Array } lines ? ReadLines(field, name, lines) : (null, $"{name} must be a list of objects in JSON.");
            case RecordFieldKind.Email:
                var email = text.Trim();
                return email.Length > 320 ? (null, TooLong(name, 320)) : IsEmail(email) ? (email, null) : (null, $"{name} must be an e-mail address.");
            default:
                return text.Length <= field.MaxLength ? (text, null) : (null, TooLong(name, field.MaxLength));
        }
    }

    private static (object? Value, string? Fault) ReadFree(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { } text => text.Length > RecordField.MaxLongText ? (null, TooLong(name, RecordField.MaxLongText)) : (text.Replace("\0", "", StringComparison.Ordinal), null),
        JsonValueKind.True => (true, null),
        JsonValueKind.False => (false, null),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? (number, null) : (value.GetRawText(), null),
        _ => value.GetRawText().Length <= MaxJson ? (value.Clone(), null) : (null, TooLong(name, MaxJson)),
    };

    private static (object? Value, string? Fault) ReadTags(string name, JsonElement value)
    {
        List<string> tags = [];
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: <= 200 } tag)
            {
                return (null, $"{name} must be a list of texts of at most 200 characters.");
            }

            if (tag.Trim() is { Length: > 0 } trimmed && !tags.Contains(trimmed, StringComparer.Ordinal))
            {
                tags.Add(trimmed);
            }
        }

        return tags.Count > MaxTags ? (null, $"{name} may hold at most {MaxTags} texts.") : (tags.Count == 0 ? null : JsonSerializer.SerializeToElement(tags), null);
    }

    private static (object? Value, string? Fault) ReadLines(RecordField field, string name, JsonElement value)
    {
        if (value.GetArrayLength() > MaxLines)
        {
            return (null, $"{name} may hold at most {MaxLines} lines.");
        }

        List<Dictionary<string, object>> lines = [];
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return (null, $"{name}[{index}] must be an object.");
            }

            Dictionary<string, object> line = new(StringComparer.Ordinal);
            foreach (var member in item.EnumerateObject())
            {
                if (field.Items.FirstOrDefault(known => known.Name == member.Name) is not { } known)
                {
                    return (null, $"{name}[{index}].{member.Name} is no field of a line.");
                }

                var (read, fault) = member.Value.ValueKind == JsonValueKind.Null ? (null, null) : Read(known, $"{name}[{index}].{member.Name}", member.Value);
                if (fault is not null)
                {
                    return (null, fault);
                }

                if (read is not null)
                {
                    line[member.Name] = read;
                }
            }

            lines.Add(line);
        }

        return (lines.Count == 0 ? null : ToJson(field, lines), null);
    }

    // In the order of the fields, so that equal lines have one form.
    private static JsonElement ToJson(RecordField field, List<Dictionary<string, object>> lines)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartArray();
            foreach (var line in lines)
            {
                writer.WriteStartObject();
                foreach (var known in field.Items.Where(known => line.ContainsKey(known.Name)))
                {
                    writer.WritePropertyName(known.Name);
                    RecordFields.WriteValue(writer, line[known.Name]);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        Utf8JsonReader reader = new(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (object? Value, string? Fault) ReadNumber(string name, decimal number) => Math.Abs(number) < MostMoney ? (number, null) : (null, $"{name} is out of range.");

    // ISO 8601, or milliseconds since 1970.
    private static DateTime? ReadTime(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? Math.Abs(milliseconds) < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime : null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.UtcDateTime : null;

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && !HasBlanks(text);
    }

    private static bool HasBlanks(string text)
    {
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    private static string TooLong(string name, int most) => $"{name} may have at most {most} characters.";

    private static string Word(RecordFieldKind kind) => kind switch
    {
        RecordFieldKind.Flag => "true or false",
        RecordFieldKind.Number or RecordFieldKind.Money => "a number",
        RecordFieldKind.Date => "a date, such as 2026-11-26",
        RecordFieldKind.Time => "a time, such as 2026-11-26T10:30:00Z",
        _ => "a text",
    };
}

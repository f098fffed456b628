using System.Text.Json;

namespace Integrations.Core.Events.Schemas;

/// <summary>Turns the keywords of one part of a schema into rules.</summary>
/// <param name="place">Where the part stands, as a JSON pointer.</param>
internal sealed class SchemaKeywords(SchemaReader reader, SchemaNode node, JsonElement part, string place)
{
    private const int MaxPatternLength = 500;

    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <exception cref="SchemaFaultException">The keyword is not supported, or its value is wrong.</exception>
    public void Read(string keyword, JsonElement value)
    {
        switch (keyword)
        {
            case "type":
                node.Rules.Add(new TypeRule(Types(value)));
                break;
            case "enum":
                node.Rules.Add(new EnumRule([.. List(value, keyword)]));
                break;
            case "const":
                node.Rules.Add(new EnumRule([value]));
                break;
            case "properties" or "additionalProperties":
                ReadMembers(keyword);
                break;
            case "required":
                node.Rules.Add(new RequiredRule(Names(value)));
                break;
            case "items":
                node.Rules.Add(new ItemsRule(reader.Read(value, Below(keyword))));
                break;
            case "minItems" or "maxItems":
                node.Rules.Add(new LengthRule(JsonValueKind.Array, Count(value, keyword), isLeast: keyword == "minItems"));
                break;
            case "minLength" or "maxLength":
                node.Rules.Add(new LengthRule(JsonValueKind.String, Count(value, keyword), isLeast: keyword == "minLength"));
                break;
            case "minimum":
                node.Rules.Add(new BoundRule(Number(value, keyword), "at least", order => order >= 0));
                break;
            case "maximum":
                node.Rules.Add(new BoundRule(Number(value, keyword), "at most", order => order <= 0));
                break;
            case "exclusiveMinimum":
                node.Rules.Add(new BoundRule(Number(value, keyword), "more than", order => order > 0));
                break;
            case "exclusiveMaximum":
                node.Rules.Add(new BoundRule(Number(value, keyword), "less than", order => order < 0));
                break;
            case "pattern":
                node.Rules.Add(Pattern(Text(value, keyword)));
                break;
            case "format":
                node.Rules.Add(Format(Text(value, keyword)));
                break;
            case "allOf":
                node.Rules.AddRange(Forms(value, keyword).Select(form => new ReferenceRule(form)));
                break;
            case "anyOf":
                node.Rules.Add(new AnyOfRule(Forms(value, keyword)));
                break;
            case "oneOf":
                node.Rules.Add(new OneOfRule(Forms(value, keyword)));
                break;
            case "not":
                node.Rules.Add(new NotRule(InPlace(reader.Read(value, Below(keyword)))));
                break;
            case "$ref":
                node.Rules.Add(new ReferenceRule(InPlace(reader.Target(Text(value, keyword)))));
                break;
            default:
                throw Fault($"the keyword {(keyword.Length > 60 ? keyword[..60] + "…" : keyword)} is not supported{(keyword is "$defs" or "definitions" ? " below the top" : "")}. The help page /help/schemas lists the keywords that are.");
        }
    }

    // The two belong together: which members are others depends on properties. The first that is met makes the rule for both.
    private void ReadMembers(string keyword)
    {
        var hasProperties = part.TryGetProperty("properties", out var properties);
        if (keyword == "additionalProperties" && hasProperties)
        {
            return;
        }

        Dictionary<string, SchemaNode> members = new(StringComparer.Ordinal);
        if (hasProperties)
        {
            foreach (var member in properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject() : throw Fault("properties must be an object of schemas."))
            {
                members[member.Name] = reader.Read(member.Value, $"{Below("properties")}/{Escape(member.Name)}");
            }
        }

        var others = part.TryGetProperty("additionalProperties", out var additional) ? reader.Read(additional, Below("additionalProperties")) : null;
        node.Rules.Add(new ObjectRule(members, others, onlyThese: others is not null && additional.ValueKind == JsonValueKind.False));
    }

    private IReadOnlyList<string> Types(JsonElement value)
    {
        IReadOnlyList<string> types = value.ValueKind == JsonValueKind.Array ? [.. List(value, "type").Select(item => Text(item, "type"))] : [Text(value, "type")];
        return types.All(type => TypeRule.Known.Contains(type)) ? types : throw Fault($"type must be one of {string.Join(", ", TypeRule.Known)}, or a list of them.");
    }

    private List<string> Names(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => Text(item, "required"))]
        : throw Fault("required must be a list of names.");

    private SchemaRule Pattern(string pattern)
    {
        if (pattern.Length > MaxPatternLength)
        {
            throw Fault($"pattern may have at most {MaxPatternLength} characters.");
        }

        try
        {
            return TextRule.Pattern(pattern);
        }
        catch (NotSupportedException)
        {
            throw Fault("pattern is too large, or uses what is not supported: look-ahead, look-behind, back references or atomic groups.");
        }
        catch (ArgumentException)
        {
            throw Fault("pattern is not a regular expression.");
        }
    }

    private TextRule Format(string format) => SchemaFormats.All.TryGetValue(format, out var isMet)
        ? new TextRule($"must be in the format {format}", isMet)
        : throw Fault($"the format {(format.Length > 60 ? format[..60] + "…" : format)} is not supported. These are: {string.Join(", ", SchemaFormats.All.Keys)}.");

    private List<SchemaNode> Forms(JsonElement value, string keyword) => [.. List(value, keyword).Select((form, index) => InPlace(reader.Read(form, $"{Below(keyword)}/{index}")))];

    private SchemaNode InPlace(SchemaNode inner)
    {
        node.InPlace.Add(inner);
        return inner;
    }

    private IEnumerable<JsonElement> List(JsonElement value, string keyword) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value.EnumerateArray() : throw Fault($"{keyword} must be a list with at least one item.");

    private string Text(JsonElement value, string keyword) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault($"{keyword} must be a text.");

    private JsonElement Number(JsonElement value, string keyword) => value.ValueKind == JsonValueKind.Number ? value : throw Fault($"{keyword} must be a number.");

    private int Count(JsonElement value, string keyword) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0 ? count : throw Fault($"{keyword} must be a whole number from 0.");

    private string Below(string keyword) => $"{place}/{keyword}";

    private SchemaFaultException Fault(string message) => new(place, message);
}

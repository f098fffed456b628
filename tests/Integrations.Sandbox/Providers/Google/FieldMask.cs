using System.Text.Json;
using System.Text.Json.Nodes;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>Google's <c>fields</c>: <c>nextPageToken,files(id,name),user/emailAddress</c>. Empty takes everything.</summary>
internal sealed class FieldMask
{
    private readonly Dictionary<string, FieldMask> _fields = new(StringComparer.Ordinal);

    /// <summary>Null when it is not well-formed.</summary>
    public static FieldMask? Parse(string text)
    {
        var at = 0;
        return TryList(text, ref at, out var mask) && at == text.Length ? mask : null;
    }

    public JsonNode? Apply(object body) => Apply(JsonSerializer.SerializeToNode(body));

    private JsonNode? Apply(JsonNode? node) => _fields.Count == 0 || _fields.ContainsKey("*") ? node?.DeepClone() : node switch
    {
        JsonArray array => new JsonArray([.. array.Select(Apply)]),
        JsonObject whole => new JsonObject(whole.Where(pair => _fields.ContainsKey(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, _fields[pair.Key].Apply(pair.Value)))),
        _ => node?.DeepClone(),
    };

    private static bool TryList(string text, ref int at, out FieldMask mask)
    {
        mask = new FieldMask();
        if (text.Length == 0)
        {
            return true;
        }

        while (true)
        {
            if (!TryField(text, ref at, mask))
            {
                return false;
            }

            if (at == text.Length || text[at] != ',')
            {
                return true;
            }

            at++;
        }
    }

    private static bool TryField(string text, ref int at, FieldMask mask)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '*' or '_' or ' '))
        {
            at++;
        }

        if (text[start..at].Trim() is not { Length: > 0 } name)
        {
            return false;
        }

        var below = new FieldMask();
        if (at < text.Length && text[at] == '/')
        {
            at++;
            if (!TryField(text, ref at, below))
            {
                return false;
            }
        }
        else if (at < text.Length && text[at] == '(')
        {
            at++;
            if (!TryList(text, ref at, out below) || at == text.Length || text[at++] != ')')
            {
                return false;
            }
        }

        mask._fields[name] = below;
        return true;
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;

namespace Integrations.Core.Security;

/// <summary>Reads parsed data that may hold half surrogate pairs (<c>"\ud800"</c>): JSON allows them, .NET's texts do not.</summary>
public static class JsonRead
{
    /// <summary>A text's value, or null when it holds half a pair.</summary>
    public static string? Text(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member's name, or null when it holds half a pair.</summary>
    public static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An object's member, the last where a name is there twice; a name that holds half a pair is never the one that is looked for.</summary>
    public static bool TryGet(JsonElement value, string name, out JsonElement found)
    {
        try
        {
            return value.TryGetProperty(name, out found);
        }
        catch (InvalidOperationException) when (value.ValueKind == JsonValueKind.Object)
        {
            found = value.EnumerateObject().LastOrDefault(member => Name(member) == name).Value;
            return found.ValueKind != JsonValueKind.Undefined;
        }
    }

    /// <summary>Whether a text or a name anywhere in a value holds half a pair.</summary>
    public static bool HoldsHalf(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) >= 0 && value.ValueKind switch
    {
        JsonValueKind.String => Text(value) is null,
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsHalf),
        JsonValueKind.Object => value.EnumerateObject().Any(member => Name(member) is null || HoldsHalf(member.Value)),
        _ => false,
    };

    /// <summary>Whether two values are the same JSON: numbers by value, members in any order.</summary>
    public static bool AreEqual(JsonElement left, JsonElement right)
    {
        try
        {
            return JsonElement.DeepEquals(left, right);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

using System.Text.Json;

namespace Integrations.Core.Events;

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

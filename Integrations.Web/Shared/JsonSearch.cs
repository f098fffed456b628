using System.Globalization;
using System.Text.Json;

namespace Integrations.Web.Shared;

/// <summary>Which branches of a JSON tree lead to a match, so that those open and the others stay as they are.</summary>
public sealed class JsonSearch
{
    private readonly HashSet<string> _branches = new(StringComparer.Ordinal);

    private JsonSearch(string query) => Query = query;

    public static JsonSearch None { get; } = new("");

    public string Query { get; }

    public int Count { get; private set; }

    public static JsonSearch In(JsonElement root, string query)
    {
        var search = new JsonSearch(query);
        search.Visit(root, "$");
        return search;
    }

    public bool LeadsToMatch(string path) => _branches.Contains(path);

    public bool Matches(string text) => Query.Length > 0 && text.Contains(Query, StringComparison.OrdinalIgnoreCase);

    public static string PathOf(string parent, string name) => $"{parent}\n{name}";

    private bool Visit(JsonElement element, string path)
    {
        var found = false;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    found |= Counted(member.Name) | Visit(member.Value, PathOf(path, member.Name));
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    found |= Visit(item, PathOf(path, index++.ToString(CultureInfo.InvariantCulture)));
                }

                break;
            default:
                return Counted(element.ToString());
        }

        if (found)
        {
            _branches.Add(path);
        }

        return found;
    }

    private bool Counted(string text)
    {
        var matches = Matches(text);
        Count += matches ? 1 : 0;
        return matches;
    }
}

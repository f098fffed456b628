using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Web.Shared;

/// <summary>The state of a page is the query of its address.</summary>
public static class UrlQuery
{
    public const string Cursor = "cursor";

    public static string? Query(this NavigationManager navigation, string name)
    {
        var query = new Uri(navigation.Uri).Query;
        return QueryHelpers.ParseQuery(query).TryGetValue(name, out var values) && values[0] is { Length: > 0 } value ? value : null;
    }

    /// <summary>This address with one value changed, back on the newest rows: another filter has another first page.</summary>
    public static string WithFilter(this NavigationManager navigation, string name, string? value) =>
        navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(),
            [Cursor] = null,
        });
}

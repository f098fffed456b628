using System.Text.Json;
using Integrations.Core.Providers;

namespace Integrations.Core.Sync;

/// <summary>What people would call a row that the hub could not read, from the names that providers commonly use.</summary>
internal static class IssueNames
{
    private static readonly string[][] _paths =
    [
        ["name"], ["Name"], ["email"], ["email_address"], ["Email"], ["EmailAddress"], ["DisplayName"], ["number"], ["InvoiceNumber"], ["DocNumber"], ["full_name"], ["Full_Name"],
        ["properties", "email"], ["real_name"], ["LastName"], ["Last_Name"], ["description"],
    ];

    public static string Of(JsonElement row, string id)
    {
        var name = _paths.Select(path => row.TextAt(path)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? id;
        return name.Length > 200 ? name[..(char.IsHighSurrogate(name[198]) ? 198 : 199)] + "…" : name;
    }
}

using System.Text.RegularExpressions;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>The parts of Drive's search language that folders are found with, joined by "and".</summary>
internal static partial class DriveQuery
{
    /// <summary>Null when it is not understood.</summary>
    public static Func<DriveItem, bool>? Parse(string text)
    {
        List<Func<DriveItem, bool>> clauses = [];
        foreach (var clause in text.Split(" and ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim()))
        {
            if (Clause(clause) is not { } test)
            {
                return null;
            }

            clauses.Add(test);
        }

        return item => clauses.TrueForAll(test => test(item));
    }

    private static Func<DriveItem, bool>? Clause(string clause)
    {
        if (InParents().Match(clause) is { Success: true } parents)
        {
            var id = parents.Groups["value"].Value;
            return item => item.Parent == id || (id == "root" && item.Parent.StartsWith("0A", StringComparison.Ordinal));
        }

        if (Trashed().Match(clause) is { Success: true } trashed)
        {
            return _ => trashed.Groups["value"].Value == "false";
        }

        if (Compared().Match(clause) is not { Success: true } compared)
        {
            return null;
        }

        var value = compared.Groups["value"].Value.Replace("\\'", "'", StringComparison.Ordinal);
        return (compared.Groups["field"].Value, compared.Groups["operator"].Value) switch
        {
            ("mimeType", "=") => item => item.MimeType == value,
            ("mimeType", "!=") => item => item.MimeType != value,
            ("name", "=") => item => item.Name == value,
            ("name", "contains") => item => item.Name.StartsWith(value, StringComparison.OrdinalIgnoreCase),
            _ => null,
        };
    }

    [GeneratedRegex(@"^'(?<value>[A-Za-z0-9_-]+)' in parents$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InParents();

    [GeneratedRegex("^trashed ?= ?(?<value>true|false)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Trashed();

    [GeneratedRegex(@"^(?<field>mimeType|name) ?(?<operator>=|!=|contains) ?'(?<value>(\\'|[^'])*)'$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Compared();
}

using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>Public ids of records, whose prefix tells their type.</summary>
public static class RecordIds
{
    private static readonly string[] _prefixes = [.. RecordTypes.All.Select(type => type.Prefix), "rec"];

    public static string Format(RecordType type, Guid id) => PublicId.Format(type.Prefix, id);

    public static string Format(string type, Guid id) => PublicId.Format(RecordTypes.Find(type)?.Prefix ?? "rec", id);

    public static bool TryParse(string? text, out Guid id)
    {
        foreach (var prefix in _prefixes)
        {
            if (PublicId.TryParse(prefix, text, out id))
            {
                return true;
            }
        }

        id = default;
        return false;
    }
}

using System.Text.Json;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>What a merge came to.</summary>
/// <param name="Fields">The values that the record shall have.</param>
/// <param name="IsConflict">Both sides had changed it, and one change was given up.</param>
/// <param name="Agrees">Whether the provider's row and the record then say the same.</param>
internal sealed record MergeResult(RecordFields Fields, bool IsConflict, bool ProviderWon, bool Agrees);

/// <summary>Brings a provider's changed row and a record together. Whoever wins, wins the whole row: a mixture would be what neither side had.</summary>
internal static class InboundMerge
{
    /// <param name="isLocalChanged">Whether the record changed since both agreed.</param>
    public static MergeResult Merge(
        RecordMapper mapper, StoredRecord record, RecordFields incoming, bool isLocalChanged, ConflictPolicy policy, DateTimeOffset? remoteChanged, DateTimeOffset now)
    {
        var applied = record.Fields.Copy();
        foreach (var target in mapper.Targets.Where(target => !mapper.Defaults.Contains(target) || record.Fields[target] is null))
        {
            // What the provider does not have any more goes; references that lead nowhere yet stay.
            if (Incoming(mapper, record, incoming, target) is { } value)
            {
                applied[target] = value;
            }
            else if (mapper.Type.Find(target)?.Kind != RecordFieldKind.Reference)
            {
                applied[target] = null;
            }
        }

        if (!isLocalChanged || applied.Print() == record.Print)
        {
            return new MergeResult(applied, false, true, true);
        }

        var providerWins = policy switch
        {
            ConflictPolicy.Provider => true,
            ConflictPolicy.Platform => false,
            _ => (remoteChanged ?? now) >= record.UpdatedAt,
        };
        return providerWins ? new MergeResult(applied, true, true, true) : new MergeResult(record.Fields, true, false, false);
    }

    /// <summary>A row that was found to be a record which another source made: what one lacks the other gives, and where both have something the policy says whose counts.</summary>
    public static MergeResult Join(RecordMapper mapper, StoredRecord record, RecordFields incoming, ConflictPolicy policy, DateTimeOffset? remoteChanged, DateTimeOffset now)
    {
        var providerWins = policy switch
        {
            ConflictPolicy.Provider => true,
            ConflictPolicy.Platform => false,
            _ => (remoteChanged ?? now) >= record.UpdatedAt,
        };
        var joined = record.Fields.Copy();
        var agrees = true;
        foreach (var target in mapper.Targets.Where(target => !mapper.Defaults.Contains(target) || record.Fields[target] is null))
        {
            var (mine, theirs) = (record.Fields[target], Incoming(mapper, record, incoming, target));
            if (theirs is not null && (mine is null || providerWins))
            {
                joined[target] = theirs;
            }

            agrees &= string.Equals(joined.Text(target), TextOf(theirs), StringComparison.Ordinal);
        }

        return new MergeResult(joined, false, providerWins, agrees);

        static string? TextOf(object? value)
        {
            RecordFields one = new() { ["value"] = value };
            return one.Text("value");
        }
    }

    // A provider that does not know what a line leads to says nothing against it.
    private static object? Incoming(RecordMapper mapper, StoredRecord record, RecordFields incoming, string target) =>
        mapper.Type.Find(target) is { Kind: RecordFieldKind.Lines } field && record.Fields[target] is JsonElement { ValueKind: JsonValueKind.Array } stored
        && incoming[target] is JsonElement { ValueKind: JsonValueKind.Array } lines
            ? RecordReferences.Kept(field, stored, lines)
            : incoming[target];
}

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
        incoming = Completed(mapper, record, incoming);
        var applied = record.Fields.Copy();
        foreach (var target in mapper.Targets.Where(target => !mapper.Defaults.Contains(target) || record.Fields[target] is null))
        {
            // What the provider does not have any more goes; references that lead nowhere yet stay.
            if (incoming[target] is { } value)
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
        incoming = Completed(mapper, record, incoming);
        var joined = record.Fields.Copy();
        var agrees = true;
        foreach (var target in mapper.Targets.Where(target => !mapper.Defaults.Contains(target) || record.Fields[target] is null))
        {
            var (mine, theirs) = (record.Fields[target], incoming[target]);
            if (theirs is not null && (mine is null || providerWins))
            {
                joined[target] = theirs;
            }

            agrees &= string.Equals(joined.Text(target), incoming.Text(target), StringComparison.Ordinal);
        }

        return new MergeResult(joined, false, providerWins, agrees);
    }

    // A provider that does not know what a line leads to says nothing against it.
    private static RecordFields Completed(RecordMapper mapper, StoredRecord record, RecordFields incoming)
    {
        var completed = incoming.Copy();
        foreach (var field in mapper.Type.Fields.Where(field => field.Kind == RecordFieldKind.Lines))
        {
            if (record.Fields[field.Name] is JsonElement { ValueKind: JsonValueKind.Array } stored && incoming[field.Name] is JsonElement { ValueKind: JsonValueKind.Array } lines)
            {
                completed[field.Name] = RecordReferences.Kept(field, stored, lines);
            }
        }

        return completed;
    }
}

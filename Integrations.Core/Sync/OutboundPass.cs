using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Pushes the records that changed since both sides agreed. Only what really differs costs a call.</summary>
internal sealed class OutboundPass(SyncStore store, OutboundLot lots, IHotReader reader, TimeProvider time)
{
    private const int Lot = 500;
    private const int LargestLot = 5_000;

    // Transactions that were under way while the last run read may carry an earlier time.
    private static readonly TimeSpan _overlap = TimeSpan.FromSeconds(30);

    private const string ListSql =
        $"""
        {OutboundRecord.SelectSql}
        WHERE r."OrganizationId" = $3 AND r."Type" = $4 AND (r."UpdatedAt", r."Id") > ($5, $6) AND r."UpdatedAt" <= $7 AND r."DeletedAt" IS NULL
        ORDER BY r."UpdatedAt", r."Id" LIMIT $8
        """;

    /// <exception cref="ProviderFault">The provider did none of a lot; the part stands where it was after the one before.</exception>
    public async Task RunAsync(SyncWork work, SyncPart part, SyncState? state, CancellationToken cancellationToken)
    {
        if (part.Status == SyncPartStatus.Waiting)
        {
            part.Since = work.Run.Type == SyncType.Full ? null : state?.OutUntil - _overlap;
        }

        part.Status = SyncPartStatus.Running;
        var type = work.DataType(part.DataType);
        var until = work.Run.StartedAt ?? time.GetUtcNow();
        var place = OutboundPlace.Parse(part.Cursor) ?? new OutboundPlace(part.Since ?? DateTimeOffset.UnixEpoch, Guid.Empty, null);
        while (true)
        {
            var readAt = time.GetUtcNow();
            var candidates = await ReadAsync(work, part, place, until, cancellationToken);
            if (candidates.Count == 0)
            {
                break;
            }

            List<OutboundRecord> toPush = [.. candidates.Where(record => record.RecordPrint != record.Print && Goes(type, record))];
            var next = new OutboundPlace(candidates[^1].UpdatedAt, candidates[^1].Id, place.FirstFailed);
            var failed = await lots.PushAsync(work, part, readAt, candidates.Count, toPush, failures => (next with { FirstFailed = Earlier(place.FirstFailed, failures) }).ToText(), cancellationToken);
            place = next with { FirstFailed = Earlier(place.FirstFailed, failed) };
        }

        part.Status = part.Failed > 0 ? SyncPartStatus.Partial : SyncPartStatus.Completed;
        part.Cursor = null;
        // What failed is tried again by the next run.
        var reached = place.FirstFailed is { } first && first < until ? first : until;
        await store.StepAsync(
            work, part, session => SyncStore.SetOutUntilAsync(session, work, part, reached), cancellationToken);
    }

    private static bool Goes(ConnectorDataType type, OutboundRecord record) =>
        IsAmong(type.Kinds, record.Kind) && IsAmong(type.Statuses, record.Fields.Text("status")) && type.Needs.All(name => record.Fields[name] is not null);

    private static bool IsAmong(IReadOnlyList<string> wanted, string? value) => wanted.Count == 0 || value is null || wanted.Contains(value, StringComparer.Ordinal);

    private static DateTimeOffset? Earlier(DateTimeOffset? first, IReadOnlyCollection<OutboundRecord> failed)
    {
        var earliest = failed.Count == 0 ? (DateTimeOffset?)null : failed.Min(record => record.UpdatedAt);
        return earliest is null || first < earliest ? first : earliest;
    }

    private Task<List<OutboundRecord>> ReadAsync(SyncWork work, SyncPart part, OutboundPlace place, DateTimeOffset until, CancellationToken cancellationToken) => reader.ReadAsync(
        session => session.QueryAsync(
            ListSql,
            bind => bind.Add(work.Connection.Id).Add(part.DataType).Add(work.Organization).Add(work.MapperOf(part.DataType).Type.Name).Add(place.UpdatedAt).Add(place.Id).Add(until).Add((long)Math.Clamp(work.DataType(part.DataType).WriteLot, Lot, LargestLot)),
            OutboundRecord.Read),
        cancellationToken);
}

/// <summary>Where an outbound pass is.</summary>
/// <param name="FirstFailed">When the earliest of the records changed that did not go out.</param>
internal sealed record OutboundPlace(DateTimeOffset UpdatedAt, Guid Id, DateTimeOffset? FirstFailed)
{
    public string ToText() => $"{UpdatedAt.ToUnixTimeMilliseconds()}:{Id:N}:{FirstFailed?.ToUnixTimeMilliseconds()}";

    public static OutboundPlace? Parse(string? text)
    {
        var parts = text?.Split(':');
        return parts is not { Length: 3 } ? null : new OutboundPlace(
            Time(parts[0]), Guid.ParseExact(parts[1], "N"), parts[2].Length > 0 ? Time(parts[2]) : null);

        static DateTimeOffset Time(string milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, System.Globalization.CultureInfo.InvariantCulture));
    }
}

using Integrations.Core.Providers;

namespace Integrations.Core.Sync;

/// <summary>Reads a data type page by page and stores what comes, fetching the next pages meanwhile.</summary>
internal sealed class InboundPass(InboundLot lots, MissingRows missing, TimeProvider time)
{
    // Clocks differ, and rows of one second may appear after it was read.
    private static readonly TimeSpan _overlap = TimeSpan.FromMinutes(2);

    /// <exception cref="ProviderFault">The provider did not tell; the part stands where it was after its last lot.</exception>
    public async Task RunAsync(SyncWork work, SyncPart part, SyncState? state, CancellationToken cancellationToken)
    {
        var type = work.DataType(part.DataType);
        if (part.Status == SyncPartStatus.Waiting)
        {
            Begin(work, part, type, state);
        }

        part.Status = SyncPartStatus.Running;
        await foreach (var lot in InboundReader.ReadAsync(work, part, time, cancellationToken))
        {
            part.Calls += lot.Calls;
            part.Total = lot.Total ?? part.Total;
            part.Cursor = lot.Cursor;
            await lots.StoreAsync(work, part, lot.Mapped, cancellationToken);
        }

        await missing.FinishAsync(work, part, state, cancellationToken);
    }

    private void Begin(SyncWork work, SyncPart part, ConnectorDataType type, SyncState? state)
    {
        var since = work.Run.Type == SyncType.Full || !type.CanReadChanges ? null : state?.InUntil - _overlap;
        if (since is { } from && type.ChangesKept is { } kept && time.GetUtcNow() - from > kept)
        {
            since = null;
        }

        part.Since = since;
        // Whoever reads everything sees what is gone. Without a filter every run does.
        part.Generation = since is null && !type.ForgetsOld ? Math.Max(work.Seen, (state?.PendingGeneration ?? 0) + 1) : 0;
        part.Newest = null;
    }
}

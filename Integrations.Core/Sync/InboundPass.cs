using Integrations.Core.Providers;

namespace Integrations.Core.Sync;

/// <summary>Reads a data type page by page and stores what comes, fetching the next page meanwhile.</summary>
internal sealed class InboundPass(InboundLot lots, MissingRows missing, TimeProvider time)
{
    private const int Lot = 500;

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
        List<RemoteRow> waiting = [];
        var next = ReadAsync(work, part, cancellationToken);
        try
        {
            while (true)
            {
                var page = await next;
                part.Calls++;
                part.Total = page.Total ?? part.Total;
                waiting.AddRange(page.Rows);
                var cursor = page.Next;
                if (cursor is not null && cursor == part.Cursor)
                {
                    throw new ProviderFault(ProviderFaultKind.Refused, $"{work.Connector.Info.Name} gave the same page twice, so that the sync would never end.");
                }

                if (cursor is not null)
                {
                    part.Cursor = cursor;
                    next = ReadAsync(work, part, cancellationToken);
                }

                if (waiting.Count >= Lot || cursor is null || page.Rows.Count == 0)
                {
                    await lots.StoreAsync(work, part, waiting, cancellationToken);
                    waiting = [];
                }

                if (cursor is null)
                {
                    break;
                }
            }
        }
        catch
        {
            // The page that was asked for ahead is of no use any more; its fault would say the same again.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await missing.FinishAsync(work, part, cancellationToken);
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

    private static Task<RemotePage> ReadAsync(SyncWork work, SyncPart part, CancellationToken cancellationToken) =>
        work.Connector.ReadAsync(work.Session, new ReadRequest(part.DataType, part.Cursor, part.Since, work.MapperOf(part.DataType).Mapping), cancellationToken);
}

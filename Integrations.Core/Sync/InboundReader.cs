using System.Threading.Channels;
using Integrations.Core.Providers;

namespace Integrations.Core.Sync;

/// <summary>Rows that have been read, and where the provider is asked on after them.</summary>
/// <param name="Calls">Pages they came in.</param>
/// <param name="Total">How many rows there are, where the provider tells.</param>
internal sealed record ReadLot(MappedLot Mapped, string? Cursor, int Calls, int? Total);

/// <summary>Asks a provider for page after page, and maps the rows, while what came before is stored.</summary>
internal static class InboundReader
{
    // Large lots change the same pages of the indexes once instead of again and again, and so write less than half. Larger ones would hold up others who write, and what is read from
    // slow providers should be seen and kept soon.
    private const int Lot = 2_000;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    /// <summary>Gives what was read in lots, of which one waits while another is stored.</summary>
    /// <exception cref="ProviderFault">The provider did not tell. All that was read before comes first.</exception>
    public static async IAsyncEnumerable<ReadLot> ReadAsync(
        SyncWork work, SyncPart part, TimeProvider time, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<ReadLot>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = FillAsync(work, new ReadRequest(part.DataType, part.Cursor, part.Since, work.MapperOf(part.DataType).Mapping), channel.Writer, time, stop.Token);
        try
        {
            await foreach (var lot in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return lot;
            }
        }
        finally
        {
            // Pages that were asked for ahead are of no use any more.
            await stop.CancelAsync();
            await reading;
        }
    }

    private static async Task FillAsync(SyncWork work, ReadRequest request, ChannelWriter<ReadLot> lots, TimeProvider time, CancellationToken cancellationToken)
    {
        var mapper = work.MapperOf(request.DataType);
        List<ReadRow> rows = [];
        var (calls, began) = (0, time.GetTimestamp());
        var reached = request.Cursor;
        Task<RemotePage>? coming = null;
        try
        {
            // The next page is asked for before this one is mapped, so that neither waits for the other.
            coming = AskAsync(request);
            while (coming is not null)
            {
                var page = await coming;
                calls++;
                var isStuck = page.Next is not null && page.Next == request.Cursor;
                request = request with { Cursor = page.Next ?? request.Cursor };
                coming = page.Next is null || isStuck ? null : AskAsync(request);
                rows.AddRange(page.Rows.Select(row => ReadRow.Of(mapper, row)));
                reached = request.Cursor;
                if (isStuck)
                {
                    throw new ProviderFault(ProviderFaultKind.Refused, $"{work.Connector.Info.Name} gave the same page twice, so that the sync would never end.");
                }

                if (rows.Count >= Lot || coming is null || page.Rows.Count == 0 || time.GetElapsedTime(began) >= _longest)
                {
                    await lots.WriteAsync(new ReadLot(new MappedLot(mapper, rows), reached, calls, page.Total), cancellationToken);
                    (rows, calls, began) = ([], 0, time.GetTimestamp());
                }
            }

            lots.Complete();
        }
        catch (ProviderFault fault) when (rows.Count > 0)
        {
            // Whoever stores may have stopped, and then nobody makes room.
            await lots.WriteAsync(new ReadLot(new MappedLot(mapper, rows), reached, calls, null), cancellationToken).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lots.Complete(fault);
        }
        catch (Exception exception)
        {
            lots.Complete(exception);
            if (coming is not null)
            {
                await ((Task)coming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What a connector throws before it waits comes with its page too.
        async Task<RemotePage> AskAsync(ReadRequest asked) => await work.Connector.ReadAsync(work.Session, asked, cancellationToken);
    }
}

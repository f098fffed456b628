using System.Globalization;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;

namespace Integrations.Web.Sync;

/// <summary>Waits for a run that a request started, as long as its <c>Prefer: wait=n</c> (RFC 7240, 4.3) says.</summary>
internal sealed class SyncWait(SyncQueries syncs, HubSignals signals)
{
    public const int MaxSeconds = 30;

    /// <summary>The seconds that a request prefers to wait; null when it says nothing.</summary>
    public static int? SecondsOf(HttpRequest request)
    {
        foreach (var part in request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("wait=", StringComparison.OrdinalIgnoreCase) && int.TryParse(part.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Math.Min(seconds, MaxSeconds);
            }
        }

        return null;
    }

    /// <returns>The run as it stands at the end of the wait.</returns>
    public async Task<SyncRunRow> ForAsync(Actor actor, Guid run, int seconds, CancellationToken cancellationToken)
    {
        using SignalWaiter changes = new(signals, new HubSignal(HubSignalKind.SyncsChanged, actor.OrganizationId!.Value));
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var row = await syncs.GetAsync(actor, run, cancellationToken);
            if (row.Run.Status >= SyncStatus.Completed || seconds == 0 || !await changes.WaitAsync(patience.Token))
            {
                return row;
            }
        }
    }
}

using Integrations.Core.Security;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;

namespace Integrations.Web.Sync;

/// <summary>What a member does with syncs: the question, the call and the answer, the same on every page.</summary>
public sealed class SyncActions(CurrentMember member, SyncService syncs, Dialogs dialogs, Toasts toasts)
{
    /// <summary>Starts a sync of a connection.</summary>
    /// <returns>The run, or null when it was refused.</returns>
    public Task<Guid?> StartAsync(Guid connection, string provider, SyncType type = SyncType.Incremental) => QueueAsync(
        actor => syncs.StartAsync(actor, connection, new SyncInput(type), CancellationToken.None), type == SyncType.Full ? $"A full sync of {provider} was started." : $"A sync of {provider} was started.");

    /// <summary>Starts a run for the records that failed in an earlier one.</summary>
    public Task<Guid?> RetryAsync(Guid run) => QueueAsync(actor => syncs.RetryFailedAsync(actor, run, CancellationToken.None), "The failed records are tried again.");

    public async Task CancelAsync(SyncRunRow row, string provider)
    {
        var text = row.Run.Status == SyncStatus.Queued
            ? "Nothing was synced yet, and nothing will be."
            : $"It stops after the rows in hand. {SyncRunWords.Records(row.Synced)} synced until then stay as they are; the next sync of {provider} goes on from there.";
        if (await dialogs.ConfirmAsync($"Cancel the sync of {provider}?", text, "Cancel sync", danger: true))
        {
            await TryAsync(actor => syncs.CancelAsync(actor, row.Run.Id, CancellationToken.None), "The sync is being cancelled.");
        }
    }

    /// <summary>Asks, and then says what becomes of records that the provider no longer has.</summary>
    public async Task DecideDeletesAsync(Guid connection, string provider, PendingDeletes pending, string dataType, bool delete)
    {
        var what = dataType.ToLowerInvariant();
        var count = $"{SyncRunWords.Number(pending.Count)} {what}";
        if (!delete)
        {
            if (await dialogs.ConfirmAsync(
                $"Keep {count}?", $"The {what} that {provider} no longer has stay here. The next full sync asks again if they are still gone there.", "Keep"))
            {
                await TryAsync(actor => syncs.DecideDeletesAsync(actor, connection, pending.DataType, delete: false, CancellationToken.None), $"{count} stay.");
            }
        }
        else if (await dialogs.ConfirmAsync(
            $"Delete {count}?",
            $"{count} that {provider} no longer has are deleted here. Those that another provider has too stay, without their counterpart at {provider}. This cannot be taken back.",
            $"Delete {count}",
            danger: true))
        {
            var deleted = 0;
            if (await TryAsync(async actor => deleted = await syncs.DecideDeletesAsync(actor, connection, pending.DataType, delete: true, CancellationToken.None), done: null))
            {
                toasts.Success($"{SyncRunWords.Records(deleted)} were deleted.");
            }
        }
    }

    /// <summary>Does what has no form in which a refusal could be shown.</summary>
    public Task<bool> TryAsync(Func<Actor, Task> act, string? done) => toasts.TryAsync(member, act, done);

    private async Task<Guid?> QueueAsync(Func<Actor, Task<StartedSync>> start, string done)
    {
        StartedSync? started = null;
        if (!await TryAsync(async actor => started = await start(actor), done: null) || started is null)
        {
            return null;
        }

        toasts.Success(done, new ToastLink("Open the run", SyncRunWords.Href(started.Id)));
        return started.Id;
    }
}

using Integrations.Core.Webhooks;
using Integrations.Web.Shared;

namespace Integrations.Web.Webhooks;

/// <summary>What a member does with replays: the question, the call and the answer.</summary>
public sealed class ReplayActions(EndpointActions endpoints, ReplayService replays, Dialogs dialogs, Toasts toasts)
{
    /// <summary>Asks what to replay and starts it.</summary>
    /// <returns>Whether it was started.</returns>
    public async Task<bool> StartAsync(Guid endpointId, ReplayPrefill prefill)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(ReplayDialog.EndpointId)] = endpointId, [nameof(ReplayDialog.Prefill)] = prefill };
        if (!await dialogs.OpenAsync<ReplayDialog, bool>("Replay deliveries", parameters, wide: true))
        {
            return false;
        }

        toasts.Success("The replay was started.");
        return true;
    }

    public Task PauseAsync(ReplayRow row) => endpoints.TryAsync(
        actor => replays.PauseAsync(actor, row.Id, CancellationToken.None), "The replay is paused. What is in the queue already is still sent.");

    public Task ResumeAsync(ReplayRow row) => endpoints.TryAsync(actor => replays.ResumeAsync(actor, row.Id, CancellationToken.None), "The replay goes on.");

    public async Task CancelAsync(ReplayRow row)
    {
        if (await dialogs.ConfirmAsync("Cancel the replay?", ReplayWords.Cancelling(row), "Cancel replay", danger: true))
        {
            await endpoints.TryAsync(actor => replays.CancelAsync(actor, row.Id, CancellationToken.None), "The replay was cancelled.");
        }
    }
}

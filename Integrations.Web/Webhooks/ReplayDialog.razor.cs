using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class ReplayDialog : IDisposable
{
    private readonly FormFaults _faults = new("from", "to", "status", "eventTypes", "ratePerSecond");

    private ReplayForm _form = new();
    private IReadOnlyList<EventTypeRow> _types = [];
    private ReplayCount? _count;
    private bool _starting;
    private CancellationTokenSource _counting = new();

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required ReplayService Service { get; init; }

    [Inject]
    public required ReplayQueries Replays { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required Guid EndpointId { get; set; }

    [Parameter]
    public ReplayPrefill Prefill { get; set; } = new();

    private string Preview => ReplayWords.Matches(_count, _form.Status == ReplayInput.Missing);

    protected override async Task OnInitializedAsync()
    {
        _form = ReplayForm.For(Prefill, Time.GetUtcNow());
        _types = await EventTypes.ListAsync(await Member.GetActorAsync(), CancellationToken.None);
        await CountAsync();
    }

    // What is half typed is no fault yet; it only cannot be counted.
    private async Task CountAsync()
    {
        await _counting.CancelAsync();
        _counting.Dispose();
        _counting = new CancellationTokenSource();
        var token = _counting.Token;
        _count = null;
        try
        {
            var count = await Replays.CountAsync(await Member.GetActorAsync(token), EndpointId, _form.ToInput(Time.GetUtcNow()), token);
            if (!token.IsCancellationRequested)
            {
                _count = count;
            }
        }
        catch (Refusal)
        {
            // Starting says what is wrong, at its field.
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // A newer choice is being counted, or the dialog was closed.
        }
    }

    private async Task StartAsync()
    {
        if (_starting)
        {
            return;
        }

        _starting = true;
        var done = await _faults.TryAsync(async () =>
            await Service.StartAsync(await Member.GetActorAsync(), EndpointId, _form.ToInput(Time.GetUtcNow()), CancellationToken.None));
        _starting = false;
        if (done)
        {
            Dialogs.Close(true);
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    public void Dispose()
    {
        _counting.Cancel();
        _counting.Dispose();
    }
}

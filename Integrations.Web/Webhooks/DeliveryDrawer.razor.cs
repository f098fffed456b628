using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class DeliveryDrawer : IDisposable
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.DeliveriesChanged];

    private DeliveryDetail? _detail;
    private ViewState _state = ViewState.Loading;
    private string? _requestId;
    private string _why = "";
    private Guid? _chosen;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required DeliveryQueries Deliveries { get; init; }

    [Inject]
    public required DeliveryService Service { get; init; }

    [Inject]
    public required EndpointActions Actions { get; init; }

    [Inject]
    public required Clock Clock { get; init; }

    [Inject]
    public required ILogger<DeliveryDrawer> Logger { get; init; }

    /// <summary><c>dlv_…</c>; another delivery is another drawer.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    /// <summary>The endpoint, or null when it was deleted.</summary>
    [Parameter]
    public WebhookDetail? Endpoint { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    // The newest try until the reader chooses another.
    private AttemptRow? Shown => _detail is { Attempts: [.., var last] } detail ? detail.Attempts.FirstOrDefault(attempt => attempt.Id == _chosen) ?? last : null;

    private string? WhyNoRetry => _detail is { } detail ? DeliveryWords.WhyNoRetry(detail.Row, Endpoint) : null;

    protected override async Task OnInitializedAsync()
    {
        Clock.SecondTicked += OnTick;
        await LoadAsync();
    }

    private static string Short(string id) => id.Length <= 24 ? id : $"{id[..12]}…{id[^6..]}";

    private static string Trigger(DeliveryTrigger trigger) => trigger switch
    {
        DeliveryTrigger.Test => "A test",
        DeliveryTrigger.Replay => "A replay",
        _ => "Its event",
    };

    private async Task LoadAsync()
    {
        try
        {
            _detail = PublicId.TryParse(PublicId.Delivery, Id, out var id) ? await Deliveries.GetAsync(await Member.GetActorAsync(), id, CancellationToken.None) : null;
            _state = _detail is null ? ViewState.Empty : ViewState.Ready;
            _why = Why();
        }
        catch (Refusal)
        {
            _detail = null;
            _state = ViewState.Empty;
        }
        catch (Exception exception)
        {
            _requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, _requestId, exception);
            _state = _detail is null ? ViewState.Failed : ViewState.Ready;
        }
    }

    private async Task RetryAsync()
    {
        if (_detail is { } detail)
        {
            _chosen = null;
            await Actions.TryAsync(actor => Service.RetryAsync(actor, detail.Row.EndpointId, detail.Row.Id, CancellationToken.None), "The delivery will be tried again.");
        }
    }

    private async Task SkipAsync()
    {
        if (_detail is { } detail)
        {
            await Actions.TryAsync(actor => Service.SkipAsync(actor, detail.Row.EndpointId, detail.Row.Id, CancellationToken.None), "The delivery is skipped.");
        }
    }

    private string Why() => _detail is { } detail ? DeliveryWords.Why(detail.Row, Clock.UtcNow) : "";

    private void OnTick() => _ = InvokeAsync(() =>
    {
        var why = Why();
        if (why != _why)
        {
            _why = why;
            StateHasChanged();
        }
    });

    public void Dispose() => Clock.SecondTicked -= OnTick;
}

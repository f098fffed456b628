using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class WebhookPage
{
    private const string HealthTab = "health";
    private const string ReplaysTab = "replays";

    private static readonly HubSignalKind[] _kinds = [HubSignalKind.DeliveriesChanged, HubSignalKind.EndpointsChanged, HubSignalKind.ReplaysChanged];
    private static readonly Crumb[] _breadcrumb = [new("Webhooks", "/webhooks")];
    private static readonly TabItem[] _tabs = [new("deliveries", "Deliveries"), new(HealthTab, "Health"), new("live", "Live"), new(ReplaysTab, "Replays"), new("verify", "How to verify")];

    private DeliveriesPanel? _deliveries;
    private ReplaysPanel? _replays;
    private WebhookDetail? _endpoint;
    private ViewState _state = ViewState.Loading;
    private string? _requestId;
    private string? _loadedId;
    private bool _canWrite;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required WebhookQueries Webhooks { get; init; }

    [Inject]
    public required EndpointActions Actions { get; init; }

    [Inject]
    public required ReplayActions ReplayActions { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<WebhookPage> Logger { get; init; }

    [Parameter]
    public required string Id { get; set; }

    /// <summary>The delivery that the drawer shows.</summary>
    [SupplyParameterFromQuery]
    public string? Delivery { get; set; }

    private string Title => _endpoint is null ? "Webhook endpoint" : EndpointWords.Name(_endpoint.Url);

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedId != Id)
        {
            _loadedId = Id;
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            var actor = await Member.GetActorAsync();
            _canWrite = actor.Can(Permission.WebhooksWrite);
            _endpoint = PublicId.TryParse(PublicId.WebhookEndpoint, Id, out var id) ? await Webhooks.GetAsync(actor, id, CancellationToken.None) : null;
            _state = _endpoint is null ? ViewState.Empty : ViewState.Ready;
        }
        catch (Refusal)
        {
            _endpoint = null;
            _state = ViewState.Empty;
        }
        catch (Exception exception)
        {
            _requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, _requestId, exception);
            // What was loaded before stays; the next change reads again.
            _state = _endpoint is null ? ViewState.Failed : ViewState.Ready;
        }
    }

    private async Task RefreshAsync()
    {
        await LoadAsync();
        await (_deliveries?.RefreshAsync() ?? Task.CompletedTask);
        await (_replays?.RefreshAsync() ?? Task.CompletedTask);
    }

    private async Task TestAsync()
    {
        if (_endpoint is not { } endpoint)
        {
            return;
        }

        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(TestDialog.Endpoint)] = endpoint };
        if (await Dialogs.OpenAsync<TestDialog, string>("Test delivery", parameters, wide: true) is { } delivery)
        {
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("delivery", delivery));
        }
    }

    private async Task ReplayAsync(WebhookDetail endpoint, ReplayPrefill prefill)
    {
        if (await ReplayActions.StartAsync(endpoint.Id, prefill))
        {
            Navigation.NavigateTo(Navigation.WithFilter("tab", ReplaysTab));
        }
    }

    private async Task SwitchAsync(WebhookDetail endpoint)
    {
        await Actions.SwitchAsync(endpoint, !endpoint.IsActive);
        await LoadAsync();
    }

    private async Task DeleteAsync(WebhookDetail endpoint)
    {
        if (await Actions.DeleteAsync(endpoint))
        {
            Navigation.NavigateTo("/webhooks");
        }
    }

    private void CloseDelivery() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("delivery", (string?)null));
}

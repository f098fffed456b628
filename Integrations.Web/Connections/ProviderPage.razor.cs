using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Integrations.Web.Sync;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class ProviderPage
{
    private const string SettingsTab = "settings";
    private const string SyncTab = "sync";
    private const string MappingTab = "mapping";
    private const string ActionsTab = "actions";
    private const string CallsTab = "calls";
    private const string UrlsTab = "urls";
    private const string HistoryTab = "history";

    private static readonly HubSignalKind[] _kinds = [HubSignalKind.ConnectionsChanged, HubSignalKind.EndpointsChanged];
    private static readonly Crumb[] _breadcrumb = [new("Integrations", "/integrations")];

    private CatalogueRow? _row;
    private ViewState _state = ViewState.Loading;
    private string? _requestId;
    private string? _loaded;
    private bool _canWrite;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectionQueries Connections { get; init; }

    [Inject]
    public required ConnectionActions Actions { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required ILogger<ProviderPage> Logger { get; init; }

    [Parameter]
    public required string Provider { get; set; }

    /// <summary>1 when a consent has just come back.</summary>
    [SupplyParameterFromQuery]
    public string? Connected { get; set; }

    private bool IsLive => ConnectionWords.IsLive(_row?.Connection);

    private string Title => _row is null ? "Provider" : IsLive ? _row.Connection!.Name : _row.Connector.Info.Name;

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != Provider)
        {
            _loaded = Provider;
            _row = null;
            _state = ViewState.Loading;
            await LoadAsync();
        }

        if (Connected is not null)
        {
            if (IsLive)
            {
                Toasts.Success($"{_row!.Connector.Info.Name} is connected.");
            }

            // Told once: neither a reload nor the back button tells it again. Meta's answer leaves a fragment, which goes too.
            Connected = null;
            await Browser.Ready;
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("connected", (string?)null).Split('#')[0], replace: true);
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            var actor = await Member.GetActorAsync();
            _canWrite = actor.Can(Permission.ConnectionsWrite);
            _row = await Connections.ProviderAsync(actor, Provider, CancellationToken.None);
            _state = ViewState.Ready;
        }
        catch (Refusal)
        {
            _row = null;
            _state = ViewState.Empty;
        }
        catch (Exception exception)
        {
            _requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, _requestId, exception);
            // What was loaded before stays; the next change reads again.
            _state = _row is null ? ViewState.Failed : ViewState.Ready;
        }
    }

    // Its own doing shows at once; the signal tells the other pages.
    private async Task DoAsync(Func<Task> action)
    {
        await action();
        await LoadAsync();
    }

    private List<TabItem> TabsOf(CatalogueRow row)
    {
        if (row.Connection is not { } connection)
        {
            return [];
        }

        List<TabItem> tabs = [];
        if (IsLive && row.Connector.WebhookUrl is not null)
        {
            tabs.Add(new TabItem(UrlsTab, "Webhook URLs", connection.WebhookUrls));
        }

        tabs.Add(new TabItem("overview", "Overview"));
        if (IsLive)
        {
            if (SyncRunWords.Syncs(row.Connector))
            {
                tabs.Add(new TabItem(SyncTab, "Sync"));
                tabs.Add(new TabItem(MappingTab, "Mapping"));
            }

            tabs.Add(new TabItem(SettingsTab, "Settings"));
            if (_canWrite && row.Connector.Actions.Count > 0)
            {
                tabs.Add(new TabItem(ActionsTab, "Actions"));
            }

            if (row.Connector.WebhookUrl is null)
            {
                tabs.Add(new TabItem(CallsTab, "Calls"));
            }
        }

        tabs.Add(new TabItem(HistoryTab, "History"));
        return tabs;
    }
}

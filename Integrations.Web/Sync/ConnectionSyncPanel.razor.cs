using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Sync;

public sealed partial class ConnectionSyncPanel
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.SyncsChanged];

    private SyncRunRow? _last;
    private ViewState _state = ViewState.Loading;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required SyncQueries Syncs { get; init; }

    [Inject]
    public required SyncActions Actions { get; init; }

    [Inject]
    public required Clock Clock { get; init; }

    [Parameter, EditorRequired]
    public required CatalogueRow Row { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    private ConnectionDetail Connection => Row.Connection!;

    private string Name => Row.Connector.Info.Name;

    private bool IsUnended => _last is { } last && SyncRunWords.IsUnended(last.Run.Status);

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _last = await Syncs.LastAsync(await Member.GetActorAsync(), Connection.Id, CancellationToken.None);
        _state = ViewState.Ready;
    }

    private async Task StartAsync(SyncType type)
    {
        await Actions.StartAsync(Connection.Id, Name, type);
        await LoadAsync();
    }
}

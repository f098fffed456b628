using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Sync;

public sealed partial class SyncRunPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.SyncsChanged];
    private static readonly Crumb[] _breadcrumb = [new("Sync", "/sync")];

    private SyncIssuesPanel? _issues;
    private SyncRunRow? _row;
    private ViewState _state = ViewState.Loading;
    private string? _requestId;
    private string? _loadedId;
    private string? _name;
    private bool _canWrite;
    private int _unresolved;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required SyncQueries Syncs { get; init; }

    [Inject]
    public required ConnectionQueries Connections { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    [Inject]
    public required SyncActions Actions { get; init; }

    [Inject]
    public required Clock Clock { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<SyncRunPage> Logger { get; init; }

    [Parameter]
    public required string Id { get; set; }

    /// <summary>The record that the drawer shows.</summary>
    [SupplyParameterFromQuery]
    public string? Issue { get; set; }

    private Connector? Connector => _row is null ? null : Catalog.Find(_row.Run.Provider);

    private string Name => _name ?? Connector?.Info.Name ?? _row?.Run.Provider ?? "";

    private string Title => _row is null ? "Sync run" : $"Sync of {Name}";

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedId != Id)
        {
            (_loadedId, _row, _name, _state) = (Id, null, null, ViewState.Loading);
            await LoadAsync();
        }
    }

    private static string Type(SyncType type) => type switch
    {
        SyncType.Full => "Full: everything was looked at",
        SyncType.Retry => "Retry of failed records",
        _ => "Incremental: what changed",
    };

    private async Task LoadAsync()
    {
        try
        {
            var actor = await Member.GetActorAsync();
            _canWrite = actor.Can(Permission.SyncWrite);
            _row = PublicId.TryParse(PublicId.SyncRun, Id, out var id) ? await Syncs.GetAsync(actor, id, CancellationToken.None) : null;
            _unresolved = _row is { Failed: > 0 } ? await Syncs.UnresolvedAsync(actor, _row.Run.Id, CancellationToken.None) : 0;
            _state = _row is null ? ViewState.Empty : ViewState.Ready;
            _name ??= _row is null ? null : await NameAsync(actor, _row.Run.ConnectionId);
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

    private async Task<string?> NameAsync(Actor actor, Guid connection)
    {
        try
        {
            return (await Connections.GetAsync(actor, connection, CancellationToken.None)).Name;
        }
        catch (Refusal)
        {
            // Its connection is gone; the run stays.
            return null;
        }
    }

    private async Task RefreshAsync()
    {
        var before = (_row?.Failed, _unresolved, _row?.Conflicts, _row?.Run.Status);
        await LoadAsync();
        if (before != (_row?.Failed, _unresolved, _row?.Conflicts, _row?.Run.Status))
        {
            await (_issues?.RefreshAsync() ?? Task.CompletedTask);
        }
    }

    private async Task RetryAsync()
    {
        if (_row is { } row)
        {
            await Actions.RetryAsync(row.Run.Id);
        }
    }

    private void CloseIssue() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("issue", (string?)null));
}

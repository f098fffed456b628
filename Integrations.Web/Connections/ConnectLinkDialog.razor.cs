using Integrations.Core.Connections;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class ConnectLinkDialog
{
    private readonly FormFaults _faults = new("permissions", "redirectUri");
    private IReadOnlyList<string> _chosen = [];
    private string _returnTo = "";
    private ConsentLink? _link;
    private bool _stored;
    private bool _busy;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConsentLinks Links { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Parameter, EditorRequired]
    public required CatalogueRow Row { get; set; }

    protected override void OnInitialized() => _chosen = ConnectionWords.IsLive(Row.Connection)
        ? Row.Connection!.Permissions
        : [.. Row.Connector.Permissions.Where(permission => permission.IsDefault || !permission.IsOptional).Select(permission => permission.Name)];

    private async Task MakeAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        StateHasChanged();
        ConsentInput input = new() { Provider = Row.Connector.Info.Key, Permissions = _chosen, ReturnTo = _returnTo.Trim() is { Length: > 0 } target ? target : null };
        var done = await _faults.TryAsync(async () =>
            _link = await Links.CreateAsync(await Member.GetActorAsync(), input, memberOnly: false, creates: Row.Connection is null, CancellationToken.None));
        _busy = false;
        if (!done)
        {
            StateHasChanged();
            await Browser.ShowFaultAsync();
        }
    }
}

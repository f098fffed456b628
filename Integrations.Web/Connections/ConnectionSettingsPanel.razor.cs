using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class ConnectionSettingsPanel
{
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private FormFaults _faults = new();
    private IReadOnlyList<string> _permissions = [];
    private string _name = "";
    private bool _busy;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectionService Service { get; init; }

    [Inject]
    public required ConnectionActions Actions { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Parameter, EditorRequired]
    public required CatalogueRow Row { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    private ConnectionDetail Connection => Row.Connection!;

    private Connector Connector => Row.Connector;

    // Where the provider has no scopes, or a key carries its own rights, every permission counts at once.
    private List<string>? Granted => Connection.AuthMode != AuthMode.OAuth2 ? null
        : [.. Connector.Permissions.Where(permission => permission.Scopes.All(Connection.Scopes.Contains)).Select(permission => permission.Name)];

    private List<string> Wider => Granted is { } granted ? [.. _permissions.Except(granted, StringComparer.Ordinal)] : [];

    // What is being edited is not written over by a change that somebody else makes.
    protected override void OnInitialized()
    {
        _faults = new FormFaults(["name", "permissions", .. Connector.Settings.Select(Path)]);
        _name = Connection.Name;
        _permissions = Connection.Permissions;
        foreach (var setting in Connector.Settings)
        {
            _settings[setting.Name] = Connection.ProviderSettings.GetValueOrDefault(setting.Name, "");
        }
    }

    private static string Path(ConnectorSetting setting) => $"settings.provider.{setting.Name}";

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        IReadOnlyList<string> pending = [];
        var done = await _faults.TryAsync(async () => pending = await Service.UpdateAsync(await Member.GetActorAsync(), Connection.Id, Changes(), CancellationToken.None));
        _busy = false;
        if (!done)
        {
            StateHasChanged();
            await Browser.ShowFaultAsync();
        }
        else if (pending.Count > 0)
        {
            await Actions.ConnectAsync(Row, _permissions, AuthMode.OAuth2);
        }
        else
        {
            Toasts.Success("The settings were saved.");
        }
    }

    private ConnectionChanges Changes() => new()
    {
        Name = _name,
        Permissions = Connector.Permissions.Count > 0 ? _permissions : null,
        ProviderSettings = _settings.Count > 0 ? _settings : null,
    };
}

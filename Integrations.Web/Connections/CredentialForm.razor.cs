using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class CredentialForm
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private FormFaults _faults = new();
    private IReadOnlyList<string> _chosen = [];
    private string _name = "";
    private bool _busy;
    private int _attempt;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectService Service { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Parameter, EditorRequired]
    public required CatalogueRow Row { get; set; }

    [Parameter, EditorRequired]
    public required FieldsMethod Method { get; set; }

    /// <summary>Ticked at first.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Permissions { get; set; }

    protected override void OnInitialized()
    {
        _faults = new FormFaults([.. Method.Fields.Select(Path), "name", "permissions", "account"]);
        _chosen = Permissions;
        _name = ConnectionWords.IsLive(Row.Connection) ? Row.Connection!.Name : "";
        // What is no secret need not be found again to reconnect.
        foreach (var field in Method.Fields.Where(field => !field.IsSecret))
        {
            if (Row.Connection?.ProviderSettings.GetValueOrDefault(field.Name) is { } known)
            {
                _values[field.Name] = known;
            }
        }
    }

    private static string Path(CredentialField field) => $"credentials.{field.Name}";

    private void Take(CredentialField field, string value) => _values[field.Name] = value;

    private async Task SendAsync()
    {
        if (_busy)
        {
            return;
        }

        var replace = _faults["account"] is not null;
        _attempt++;
        _faults.Clear();
        foreach (var field in Method.Fields)
        {
            _faults.AddIf(CredentialInput.WhyNot(field, _values.GetValueOrDefault(field.Name, "")) is not null, Path(field), CredentialInput.WhyNot(field, _values.GetValueOrDefault(field.Name, "")) ?? "");
        }

        _busy = !_faults.Any;
        if (_busy)
        {
            StateHasChanged();
            var done = await _faults.TryAsync(async () => await Service.ConnectAsync(await Member.GetActorAsync(), Input(replace), CancellationToken.None));
            _busy = false;
            if (done)
            {
                Dialogs.Close(true);
                return;
            }
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private ConnectInput Input(bool replace) => new()
    {
        Provider = Row.Connector.Info.Key,
        Name = _name.Trim() is { Length: > 0 } name ? name : null,
        Credentials = _values.Where(value => value.Value.Trim().Length > 0).ToDictionary(value => value.Key, value => value.Value.Trim(), StringComparer.Ordinal),
        Permissions = _chosen,
        ReplaceAccount = replace,
    };
}

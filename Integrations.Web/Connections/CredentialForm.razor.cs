using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.StoredKeys;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class CredentialForm
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private FormFaults _faults = new();
    private IReadOnlyList<string> _chosen = [];
    private IReadOnlyList<StoredKeyChoice> _stored = [];
    private Guid? _storedKey;
    private string _name = "";
    private bool _busy;
    private int _attempt;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectService Service { get; init; }

    [Inject]
    public required StoredKeyQueries StoredKeys { get; init; }

    [Inject]
    public required StoredKeyReader Reader { get; init; }

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

    // The field that a stored key can fill.
    private CredentialField? Secret => Method.Fields.FirstOrDefault(one => one is { IsSecret: true, IsOptional: false });

    protected override async Task OnInitializedAsync()
    {
        _faults = new FormFaults([.. Method.Fields.Select(Path), "name", "permissions", "account", StoredKeyReader.Field]);
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

        var actor = await Member.GetActorAsync();
        _stored = actor.Can(Permission.StoredKeysRead) ? await StoredKeys.ListForAsync(actor, Row.Connector.Info.Key, CancellationToken.None) : [];
    }

    private static string Path(CredentialField field) => $"credentials.{field.Name}";

    private bool IsStored(CredentialField field) => _storedKey is not null && field == Secret;

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
        foreach (var field in Method.Fields.Where(field => !IsStored(field)))
        {
            _faults.AddIf(CredentialInput.WhyNot(field, _values.GetValueOrDefault(field.Name, "")) is not null, Path(field), CredentialInput.WhyNot(field, _values.GetValueOrDefault(field.Name, "")) ?? "");
        }

        _busy = !_faults.Any;
        if (_busy)
        {
            StateHasChanged();
            var done = await _faults.TryAsync(async () => await Service.ConnectAsync(await Member.GetActorAsync(), await InputAsync(replace), CancellationToken.None));
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

    private async Task<ConnectInput> InputAsync(bool replace)
    {
        var values = _values.Where(value => value.Value.Trim().Length > 0).ToDictionary(value => value.Key, value => value.Value.Trim(), StringComparer.Ordinal);
        if (_storedKey is { } id && Secret is { } secret)
        {
            // Opened for this call alone: it never stands in what is rendered.
            values[secret.Name] = await Reader.ReadForUseAsync(await Member.GetActorAsync(), id, Row.Connector.Info.Key, CancellationToken.None);
        }

        return new ConnectInput
        {
            Provider = Row.Connector.Info.Key,
            Name = _name.Trim() is { Length: > 0 } name ? name : null,
            Credentials = values,
            Permissions = _chosen,
            ReplaceAccount = replace,
        };
    }
}

using Integrations.Core.Providers;
using Integrations.Core.StoredKeys;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.StoredKeys;

public sealed partial class StoredKeyDialog
{
    private readonly FormFaults _faults = new("name", "value", "provider");
    private string? _name;
    private string _provider = "";
    private string? _value;
    private bool _busy;

    [Inject]
    public required CurrentMember CurrentMember { get; init; }

    [Inject]
    public required StoredKeyService Keys { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    /// <summary>The key to change, or null for a new one.</summary>
    [Parameter]
    public StoredKeyRow? Key { get; set; }

    private string ValueHelp => Key is null
        ? "It is encrypted, and nobody can read it here again."
        : $"Now {Key.Masked}. Leave it empty to keep that one; connections that were made with it keep theirs either way.";

    // The one that is chosen stays on offer, also when the catalogue no longer has it.
    private IEnumerable<(string Key, string Name)> Providers => Catalog.All.Select(connector => (connector.Info.Key, connector.Info.Name))
        .Concat(Key?.Provider is { } own && Catalog.Find(own) is null ? [(own, own)] : []);

    protected override void OnInitialized()
    {
        _name = Key?.Name;
        _provider = Key?.Provider ?? "";
    }

    private async Task SaveAsync()
    {
        _busy = true;
        if (await _faults.TryAsync(StoreAsync))
        {
            Dialogs.Close(_name!.Trim());
        }

        _busy = false;
    }

    private async Task StoreAsync()
    {
        var actor = await CurrentMember.GetActorAsync();
        if (Key is null)
        {
            await Keys.CreateAsync(actor, new StoredKeyInput { Name = _name, Value = _value, Provider = _provider }, CancellationToken.None);
            return;
        }

        // An empty name is a fault, an empty value is none.
        StoredKeyInput input = new() { Name = _name ?? "", Value = string.IsNullOrEmpty(_value) ? null : _value, Provider = _provider };
        await Keys.UpdateAsync(actor, Key.Id, input, CancellationToken.None);
    }
}

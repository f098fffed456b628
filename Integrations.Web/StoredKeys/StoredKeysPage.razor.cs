using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.StoredKeys;

public sealed partial class StoredKeysPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.StoredKeysChanged];

    private Actor? _actor;
    private bool _canWrite;
    private DataList<StoredKeyRow>? _list;

    [Inject]
    public required CurrentMember CurrentMember { get; init; }

    [Inject]
    public required StoredKeyQueries Queries { get; init; }

    [Inject]
    public required StoredKeyService Keys { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    protected override async Task OnInitializedAsync()
    {
        _actor = await CurrentMember.GetActorAsync();
        _canWrite = _actor.Can(Permission.StoredKeysWrite);
    }

    // A provider that was taken out of the product leaves its keys behind.
    private string ProviderName(StoredKeyRow key) => key.Provider is { } provider ? Catalog.Find(provider)?.Info.Name ?? provider : "Any";

    private async Task<Page<StoredKeyRow>> LoadAsync(PageRequest page, CancellationToken cancellationToken) =>
        await Queries.ListAsync(await CurrentMember.GetActorAsync(cancellationToken), page, cancellationToken);

    private Task RefreshQuietlyAsync() => _list?.RefreshQuietlyAsync() ?? Task.CompletedTask;

    private Task RefreshAsync() => _list?.RefreshAsync() ?? Task.CompletedTask;

    private async Task AddAsync()
    {
        if (await Dialogs.OpenAsync<StoredKeyDialog, string>("Add a stored key") is { } name)
        {
            Toasts.Success($"{name} was stored.");
            await RefreshAsync();
        }
    }

    private async Task EditAsync(StoredKeyRow key)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(StoredKeyDialog.Key)] = key };
        if (await Dialogs.OpenAsync<StoredKeyDialog, string>("Edit the stored key", parameters) is { } name)
        {
            Toasts.Success($"{name} was saved.");
            await RefreshAsync();
        }
    }

    private async Task DeleteAsync(StoredKeyRow key)
    {
        const string Text = "The hub forgets its value, and nobody can choose it any more. Connections that were made with it keep working. The key itself stays valid at its provider.";
        if (!await Dialogs.ConfirmAsync($"Delete {key.Name}?", Text, "Delete key", danger: true))
        {
            return;
        }

        FormFaults faults = new();
        if (await faults.TryAsync(async () => await Keys.DeleteAsync(await CurrentMember.GetActorAsync(), key.Id, CancellationToken.None)))
        {
            Toasts.Success($"{key.Name} was deleted.");
        }
        else
        {
            Toasts.Failure(faults.Rest!);
        }

        await RefreshAsync();
    }
}

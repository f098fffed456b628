using Integrations.Core.ApiKeys;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.ApiKeys;

public sealed partial class ApiKeysPage
{
    // More would make a row as high as a page; the tooltip has them all.
    private const int MaxScopes = 3;

    private Actor? _actor;
    private bool _canWrite;
    private DataList<ApiKeyRow>? _list;

    [Inject]
    public required CurrentMember CurrentMember { get; init; }

    [Inject]
    public required ApiKeyQueries Queries { get; init; }

    [Inject]
    public required ApiKeyService Keys { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    protected override async Task OnInitializedAsync()
    {
        _actor = await CurrentMember.GetActorAsync();
        _canWrite = _actor.Can(Permission.ApiKeysWrite);
    }

    private async Task<Page<ApiKeyRow>> LoadAsync(PageRequest page, CancellationToken cancellationToken) =>
        await Queries.ListAsync(await CurrentMember.GetActorAsync(cancellationToken), page, cancellationToken);

    private async Task CreateAsync()
    {
        // Not dismissable: a slip on Escape would lose a key that is shown once.
        if (await Dialogs.OpenAsync<CreateApiKeyDialog, bool>("Create an API key", wide: true, dismissable: false))
        {
            await RefreshAsync();
        }
    }

    private async Task RevokeAsync(ApiKeyRow key)
    {
        var text = $"Calls with {key.Masked} are refused from now on. This cannot be taken back; a program that still uses the key needs another one.";
        if (!await Dialogs.ConfirmAsync($"Revoke {key.Name}?", text, "Revoke key", danger: true))
        {
            return;
        }

        FormFaults faults = new();
        if (await faults.TryAsync(async () => await Keys.RevokeAsync(await CurrentMember.GetActorAsync(), key.Id, CancellationToken.None)))
        {
            Toasts.Success($"{key.Name} was revoked.");
        }
        else
        {
            Toasts.Failure(faults.Rest!);
        }

        await RefreshAsync();
    }

    private Task RefreshAsync() => _list?.RefreshAsync() ?? Task.CompletedTask;
}

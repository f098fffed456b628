using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Organizations;

public sealed partial class MembersPage
{
    private Actor? _actor;
    private bool _canWrite;
    private DataList<MemberRow>? _list;

    [Inject]
    public required CurrentMember CurrentMember { get; init; }

    [Inject]
    public required OrganizationQueries Organizations { get; init; }

    [Inject]
    public required MemberService Members { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override Task OnInitializedAsync() => ReadActorAsync();

    private async Task ReadActorAsync()
    {
        _actor = await CurrentMember.GetActorAsync();
        _canWrite = _actor.Can(Permission.MembersWrite);
    }

    private async Task<Page<MemberRow>> LoadAsync(PageRequest page, CancellationToken cancellationToken) =>
        await Organizations.ListMembersAsync(await CurrentMember.GetActorAsync(cancellationToken), page, cancellationToken);

    private async Task AddAsync()
    {
        if (await Dialogs.OpenAsync<AddMemberDialog, string>("Add a member") is { } email)
        {
            Toasts.Success($"{email} was added. Hand over the first password.");
            await RefreshAsync();
        }
    }

    private async Task ChangeRoleAsync(MemberRow member)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ChangeRoleDialog.Member)] = member };
        if (await Dialogs.OpenAsync<ChangeRoleDialog, bool>($"Role of {member.Email}", parameters))
        {
            Toasts.Success($"The role of {member.Email} was changed.");
            await RefreshAsync();
        }
    }

    private async Task RemoveAsync(MemberRow member)
    {
        var isSelf = member.UserId == _actor?.Id;
        var text = isSelf
            ? "You lose access to this organization at once and cannot add yourself again."
            : "They lose access to this organization at once. API keys they made keep working; what they did stays in the audit log.";
        if (!await Dialogs.ConfirmAsync($"Remove {member.Email}?", text, "Remove member", danger: true))
        {
            return;
        }

        FormFaults faults = new();
        if (!await faults.TryAsync(async () => await Members.RemoveAsync(await CurrentMember.GetActorAsync(), member.Id, CancellationToken.None)))
        {
            Toasts.Failure(faults.Rest!);
        }
        else if (isSelf)
        {
            // Whichever organization is left becomes the current one; with none the frame leads to sign-in.
            Navigation.NavigateTo("/", forceLoad: true);
            return;
        }
        else
        {
            Toasts.Success($"{member.Email} was removed.");
        }

        await RefreshAsync();
    }

    // An Owner who took the role from themselves sees at once what is left.
    private async Task RefreshAsync()
    {
        await ReadActorAsync();
        await (_list?.RefreshAsync() ?? Task.CompletedTask);
    }
}

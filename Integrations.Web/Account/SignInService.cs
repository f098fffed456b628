using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Microsoft.AspNetCore.Identity;

namespace Integrations.Web.Account;

/// <summary>What the static pages do with the session: sign in by password, change the password.</summary>
internal sealed class SignInService(SignInManager<AppUser> signIn, UnknownAccounts unknown, OrganizationQueries organizations, MemberService members, TimeProvider time)
{
    /// <exception cref="Refusal">A wrong pair, a lock, or no organization to work in.</exception>
    public async Task SignInAsync(string? email, string? password, bool remember, CancellationToken cancellationToken)
    {
        email = email?.Trim() ?? "";
        password ??= "";
        var user = await signIn.UserManager.FindByEmailAsync(email);
        if (user is null)
        {
            throw Failed(unknown.Fail(email, password));
        }

        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            throw Failed(result.IsLockedOut ? user.LockoutEnd : null);
        }

        if ((await organizations.ListMembershipsAsync(user.Id, cancellationToken)).Count == 0)
        {
            throw Refusal.Forbidden("You are not a member of an organization. An Owner of yours can add you again.");
        }

        await signIn.SignInAsync(user, remember);
    }

    /// <summary>Signs in who has just been made.</summary>
    public async Task SignInAsync(Guid userId) =>
        await signIn.SignInAsync(await signIn.UserManager.FindByIdAsync(userId.ToString()) ?? throw new InvalidOperationException("The account is gone."), isPersistent: false);

    /// <summary>Changes the password of who is signed in. This session goes on; all others end.</summary>
    /// <exception cref="Refusal">The current password is wrong, too often even, or the new one too weak.</exception>
    public async Task ChangePasswordAsync(System.Security.Claims.ClaimsPrincipal principal, string? current, string? next)
    {
        var users = signIn.UserManager;
        var user = await users.GetUserAsync(principal) ?? throw Refusal.Forbidden("Sign in again.");
        // Counts wrong ones: an unlocked screen must not be a place to guess at leisure.
        var check = await signIn.CheckPasswordSignInAsync(user, current ?? "", lockoutOnFailure: true);
        if (!check.Succeeded)
        {
            throw Refusal.Invalid("current", check.IsLockedOut ? LockedOut(user.LockoutEnd) : "This is not your current password.");
        }

        var result = await users.ChangePasswordAsync(user, current ?? "", next ?? "");
        if (!result.Succeeded)
        {
            throw Refusal.Invalid([.. result.Errors.Select(error => new Fault("password", error.Description))]);
        }

        await members.RecordPasswordChangeAsync(user, signIn.Context.Connection.RemoteIpAddress?.ToString(), signIn.Context.TraceIdentifier, CancellationToken.None);
        await signIn.RefreshSignInAsync(user);
    }

    private Refusal Failed(DateTimeOffset? lockedUntil) => lockedUntil is null
        ? Refusal.Invalid(null, "The e-mail address and the password do not belong together.")
        : Refusal.Invalid(null, LockedOut(lockedUntil));

    private string LockedOut(DateTimeOffset? until)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(((until ?? time.GetUtcNow()) - time.GetUtcNow()).TotalMinutes));
        return $"Too many wrong passwords. Try again in {(minutes == 1 ? "1 minute" : $"{minutes} minutes")}.";
    }
}

using System.Security.Claims;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Microsoft.AspNetCore.Components.Authorization;

namespace Integrations.Web.Account;

/// <summary>
/// The signed-in person in the organization they work in. Pages ask it at every call, and it reads the membership anew, so that a role that was taken away
/// is gone at once, whatever the circuit remembers.
/// </summary>
public sealed class CurrentMember(AuthenticationStateProvider authentication, OrganizationQueries organizations, IHttpContextAccessor http)
{
    // A circuit has no request after its first; the address it came from is kept from there.
    private readonly string? _ipAddress = http.HttpContext?.Connection.RemoteIpAddress?.ToString();

    /// <exception cref="Refusal"><see cref="RefusalKind.Forbidden"/>: not signed in, or no longer a member of any organization.</exception>
    public async Task<Actor> GetActorAsync(CancellationToken cancellationToken = default) =>
        (await GetMembershipAsync(cancellationToken)).ToActor() with { IpAddress = _ipAddress };

    /// <inheritdoc cref="GetActorAsync"/>
    public async Task<Membership> GetMembershipAsync(CancellationToken cancellationToken = default) =>
        await ListMembershipsAsync(cancellationToken) is [var first, ..] ? first : throw Refusal.Forbidden("You are not a member of an organization.");

    /// <summary>The person's organizations, the one they work in first.</summary>
    public async Task<IReadOnlyList<Membership>> ListMembershipsAsync(CancellationToken cancellationToken = default)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return Guid.TryParse(state.User.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
            ? await organizations.ListMembershipsAsync(userId, cancellationToken)
            : throw Refusal.Forbidden("Sign in first.");
    }
}

using System.Security.Claims;
using Integrations.Core.Organizations;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Integrations.Web.Account;

/// <summary>Ends the circuit of somebody whose account, password or membership changed since they signed in. Roles are read anew at each call anyway.</summary>
internal sealed class RevalidatingIdentity(ILoggerFactory loggers, IServiceScopeFactory scopes, OrganizationQueries organizations, IOptions<IdentityOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override TimeSpan RevalidationInterval => Interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var user = await users.GetUserAsync(authenticationState.User);
        return user is not null
            && authenticationState.User.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType) == await users.GetSecurityStampAsync(user)
            && (await organizations.ListMembershipsAsync(user.Id, cancellationToken)).Count > 0;
    }
}

using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Tests.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests;

/// <summary>A component over the real core, seen by a signed-in member.</summary>
public abstract class HubTest : ShellTest, IAsyncLifetime
{
    private BunitAuthorizationContext _authorization = null!;

    protected HubServices Hub { get; private set; } = null!;

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    public async Task InitializeAsync()
    {
        Hub = await HubServices.StartAsync(Time, await SettingsAsync());
        _authorization = AddAuthorization();
        Services.AddScoped(services => new CurrentMember(services.GetRequiredService<AuthenticationStateProvider>(), Hub.Get<OrganizationQueries>(), new HttpContextAccessor()));
        Services.AddFallbackServiceProvider(Hub.Provider);
        SignIn(Hub.Owner);
        await PrepareAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Hub.DisposeAsync();
        await CleanUpAsync();
    }

    /// <summary>Settings of the hub over the usual ones; what they name may be started here.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal));

    /// <summary>Ends what <see cref="SettingsAsync"/> started.</summary>
    protected virtual Task CleanUpAsync() => Task.CompletedTask;

    /// <summary>What a class needs in the hub before each of its tests.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    protected void SignIn(Actor member) => _authorization.SetAuthorized(member.Name).SetClaims(new Claim(ClaimTypes.NameIdentifier, member.Id!.Value.ToString()));
}

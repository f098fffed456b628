using Integrations.Core;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Account;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests;

/// <summary>The real core on a database of its own, with one organization and its Owner.</summary>
public sealed class HubServices : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly TempDirectory _directory = new();
    private readonly ServiceProvider _provider;

    private HubServices(TimeProvider time, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Directory"] = _directory.Path, ["Security:AllowedNetworks:0"] = "127.0.0.0/8" })
            .AddInMemoryCollection(settings)
            .Build();
        _provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddSingleton(time)
            .AddCore(configuration, _directory.Path)
            .AddAccount(configuration)
            .BuildServiceProvider();
    }

    public IServiceProvider Provider => _provider;

    /// <summary>The first organization's Owner, ann@example.com.</summary>
    public Actor Owner { get; private set; } = null!;

    /// <param name="settings">Over those that every test has.</param>
    public static async Task<HubServices> StartAsync(TimeProvider time, IReadOnlyDictionary<string, string?>? settings = null)
    {
        HubServices hub = new(time, settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        await hub.Provider.PrepareStorageAsync();
        hub.Owner = await hub.AddOrganizationAsync("Acme", "ann@example.com");
        return hub;
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Makes an organization; whoever has an account is its Owner with that.</summary>
    public async Task<Actor> AddOrganizationAsync(string name, string email)
    {
        var made = await Get<SetupService>().CreateAsync(name, email, Password, null, CancellationToken.None);
        return Actor.Member(made.OrganizationId, made.UserId, email, Role.Owner);
    }

    /// <summary>Adds a member to the first organization.</summary>
    public async Task<Actor> AddMemberAsync(Role role, string email = "bob@example.com")
    {
        var added = await Get<MemberService>().AddAsync(Owner, email, Password, role, CancellationToken.None);
        return Actor.Member(Owner.OrganizationId!.Value, added.UserId, email, role);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _directory.Dispose();
    }
}

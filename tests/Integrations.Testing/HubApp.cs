using System.Net;
using System.Net.Http.Headers;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Integrations.Testing;

/// <summary>The real hub in this process, on a database of its own that goes when the test ends.</summary>
public sealed class HubApp : IAsyncDisposable
{
    public const string OwnerEmail = "owner@example.com";
    public const string OwnerPassword = "correct horse battery staple";
    public const string OwnerKey = "sk_OwnerOwnerOwnerOwnerOwnerOwnerOwnerOwner01";
    public const string OrganizationName = "Acme";
    public const string MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly HubAppOptions _options;
    private readonly HubDatabase _database;
    private readonly List<HubTenant> _tenants = [];
    private readonly Dictionary<string, string?> _changed = new(StringComparer.Ordinal);
    private Factory _factory;

    private HubApp(HubAppOptions options, HubDatabase database)
    {
        _options = options;
        _database = database;
        _factory = new Factory(this);
    }

    public IServiceProvider Services => _factory.Services;

    public HubLog Log { get; } = new();

    public DatabaseProvider Database => _options.Database;

    /// <summary>The folder with the SQLite file and the key ring.</summary>
    public string DataDirectory => _database.Directory;

    /// <summary>What the hub was configured with, also for starting it as a process on the same data.</summary>
    public IReadOnlyDictionary<string, string?> Settings => AllSettings();

    /// <summary>Where browsers reach it, when it listens on a port.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>The organization that <c>Setup:*</c> made.</summary>
    public HubTenant Tenant => _tenants.Count > 0 ? _tenants[0] : throw new InvalidOperationException("This hub was started without Setup:*.");

    /// <summary>Sends the Owner's key.</summary>
    public HttpClient Client => Tenant.Client;

    public static Task<HubApp> StartAsync(DatabaseProvider database) => StartAsync(new HubAppOptions { Database = database });

    public static async Task<HubApp> StartAsync(HubAppOptions? options = null)
    {
        options ??= new HubAppOptions();
        var app = new HubApp(options, await HubDatabase.CreateAsync(options.Database, options.IsMigrated));
        try
        {
            app.Start();
            if (options.IsSetUp)
            {
                app._tenants.Add(new HubTenant(app, await app.FindFirstAsync(), OwnerEmail));
            }
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return app;
    }

    /// <param name="key">Sent as a bearer; null sends none.</param>
    public HttpClient CreateClient(string? key = null)
    {
        var client = _factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = Address });
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Another organization, with an Owner of its own: tests that share a hub work each in one.</summary>
    public async Task<HubTenant> CreateOrganizationAsync(string name = "Organization")
    {
        var email = $"owner-{Guid.NewGuid():N}@example.com";
        var made = await Services.GetRequiredService<SetupService>().CreateAsync(name, email, OwnerPassword, null, CancellationToken.None);
        var tenant = new HubTenant(this, made, email);
        lock (_tenants)
        {
            _tenants.Add(tenant);
        }

        return tenant;
    }

    /// <summary>A key of <see cref="Tenant"/> with these scopes and no others.</summary>
    public Task<string> CreateKeyAsync(params string[] scopes) => Tenant.CreateKeyAsync(scopes);

    /// <summary>The database as the actor sees it, or with null as the hub's workers do.</summary>
    public IntegrationsDbContext OpenDatabase(Actor? actor = null) => Services.GetRequiredService<HubDbContextFactory>().Create(actor ?? Actor.System("test"));

    /// <summary>Stops the hub as its operator would and starts it again on the same data. Clients from before do not work any more; those of the tenants are new.</summary>
    /// <param name="settings">Settings over those from before.</param>
    public async Task RestartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        await _factory.DisposeAsync();
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            _changed[key] = value;
        }

        _factory = new Factory(this);
        Start();
        _tenants.ForEach(tenant => tenant.Renew());
    }

    /// <summary>Stops the hub and keeps its data, so that a test can look at the files or start another hub on them.</summary>
    public async Task StopAsync()
    {
        await _factory.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await _database.DisposeAsync();
    }

    private void Start()
    {
        if (_options.ListensOnPort)
        {
            // Any free port at first, known before the start so that PublicUrl can name it; after a restart the same again, for pages that are still open.
            Address = Address.IsDefaultPort ? new UriBuilder(Address) { Port = FreePort.Take() }.Uri : Address;
            _factory.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Address.Port));
            _factory.StartServer();
        }
        else
        {
            _ = _factory.Server;
        }
    }

    private async Task<SetupResult> FindFirstAsync()
    {
        await using var db = OpenDatabase();
        var owner = await db.Members.OrderBy(member => member.Id).FirstAsync();
        return new SetupResult(owner.OrganizationId, owner.UserId, _options.Settings.GetValueOrDefault("Setup:ApiKey") ?? OwnerKey);
    }

    private Dictionary<string, string?> AllSettings()
    {
        var settings = _database.Settings;
        if (_options.IsSetUp)
        {
            settings["Setup:AdminEmail"] = OwnerEmail;
            settings["Setup:AdminPassword"] = OwnerPassword;
            settings["Setup:Organization"] = OrganizationName;
            settings["Setup:ApiKey"] = OwnerKey;
        }

        if (_options.ListensOnPort)
        {
            // As browsers name it: cookies go with the name, and a provider sends browsers back to it.
            settings["PublicUrl"] = Address.GetLeftPart(UriPartial.Authority);
        }

        foreach (var (key, value) in _options.Settings.Concat(_changed))
        {
            settings[key] = value;
        }

        return settings;
    }

    // Two types are called Program here, so the root component says which program is meant.
    private sealed class Factory(HubApp app) : WebApplicationFactory<App>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(app._options.Environment);
            // Only these reach the configuration before services are registered.
            foreach (var (key, value) in app.AllSettings())
            {
                if (value is not null)
                {
                    builder.UseSetting(key, value);
                }
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(app.Log));
            if (app._options.Configure is { } configure)
            {
                builder.ConfigureTestServices(configure);
            }

            if (app._options.Time is { } time)
            {
                builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton(time)));
            }
        }
    }
}

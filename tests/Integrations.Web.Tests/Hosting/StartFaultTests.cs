using Integrations.Core.Storage;
using Integrations.Testing;

namespace Integrations.Web.Tests.Hosting;

/// <summary>What an operator meets who has set something wrong: every fault, its key, and exit code 1.</summary>
public sealed class StartFaultTests
{
    private const string OtherMasterKey = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    [Fact]
    public async Task Every_bad_setting_is_told_at_once_and_by_its_key()
    {
        using var directory = new TempDirectory();
        Dictionary<string, string?> settings = new()
        {
            ["Data:Directory"] = directory.File("data"),
            ["Database:Provider"] = "Oracle",
            ["INTEGRATIONS_MASTER_KEY"] = "too short",
            ["PublicUrl"] = "ftp://hub.example.com",
            ["Security:AllowedNetworks:0"] = "nonsense",
            ["Security:TrustedProxies:0"] = "10.0.0.0/33",
            ["Webhooks:MaxInFlight"] = "0",
            ["Webhooks:PollSeconds"] = "soon",
            ["ApiKeys:MaxKeys"] = "-1",
            ["ApiKeys:DefaultExpiryDays"] = "1.5",
            ["StoredKeys:MaxKeys"] = "0",
            ["Setup:AdminEmail"] = "owner@example.com",
            ["Setup:ApiKey"] = "sk_short",
        };

        var exit = await HubProcess.RunAsync(settings);

        Assert.Equal(1, exit.Code);
        string[] keys = [.. settings.Keys.Where(key => key is not ("Data:Directory" or "Setup:AdminEmail")), "Setup:AdminPassword", "Setup:Organization"];
        Assert.All(keys, key => Assert.Contains(key, exit.Errors, StringComparison.Ordinal));
        AssertOrderly(exit);
        Assert.False(Directory.Exists(directory.File("data")));
    }

    [Theory]
    [InlineData("", "ConnectionStrings:Integrations is required")]
    [InlineData("nonsense", "ConnectionStrings:Integrations is not a connection string")]
    [InlineData("Host=127.0.0.1;Port=many", "ConnectionStrings:Integrations is not a connection string")]
    public async Task A_connection_string_that_cannot_be_is_told_with_the_missing_master_key(string connectionString, string expected)
    {
        using var directory = new TempDirectory();

        var exit = await HubProcess.RunAsync(new Dictionary<string, string?>
        {
            ["Data:Directory"] = directory.Path,
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:Integrations"] = connectionString,
        });

        Assert.Equal(1, exit.Code);
        Assert.Contains(expected, exit.Errors, StringComparison.Ordinal);
        Assert.Contains("INTEGRATIONS_MASTER_KEY is required", exit.Errors, StringComparison.Ordinal);
        AssertOrderly(exit);
    }

    [Fact]
    public async Task A_PostgreSQL_that_does_not_answer_is_told_by_its_setting_and_without_its_password()
    {
        using var directory = new TempDirectory();

        var exit = await HubProcess.RunAsync(new Dictionary<string, string?>
        {
            ["Data:Directory"] = directory.Path,
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:Integrations"] = $"Host=127.0.0.1;Port={FreePort.Take()};Username=hub;Password=planted-password",
            ["INTEGRATIONS_MASTER_KEY"] = HubApp.MasterKey,
        });

        Assert.Equal(1, exit.Code);
        Assert.Contains("ConnectionStrings:Integrations", exit.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-password", exit.Errors + exit.Output, StringComparison.Ordinal);
        AssertOrderly(exit);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_told()
    {
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(directory.File("file"), "");

        var exit = await HubProcess.RunAsync(new Dictionary<string, string?> { ["Data:Directory"] = Path.Combine(directory.File("file"), "data") });

        Assert.Equal(1, exit.Code);
        Assert.Contains("Data:Directory", exit.Errors, StringComparison.Ordinal);
        AssertOrderly(exit);
    }

    [Fact]
    public async Task Setup_values_that_cannot_be_used_are_told()
    {
        using var directory = new TempDirectory();

        var exit = await HubProcess.RunAsync(new Dictionary<string, string?>
        {
            ["Data:Directory"] = directory.Path,
            ["Setup:AdminEmail"] = "owner@example.com",
            ["Setup:AdminPassword"] = "short",
            ["Setup:Organization"] = "Acme",
        });

        Assert.Equal(1, exit.Code);
        Assert.Contains("at least 12 characters", exit.Errors, StringComparison.Ordinal);
        AssertOrderly(exit);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_master_key_is_refused_by_the_name_of_its_setting(DatabaseProvider database)
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Database = database, Settings = Set("INTEGRATIONS_MASTER_KEY", HubApp.MasterKey) });
        await hub.StopAsync();

        var other = await HubProcess.RunAsync(Over(hub.Settings, ("INTEGRATIONS_MASTER_KEY", null), ("ENCRYPTION_KEY", OtherMasterKey)));
        Assert.Equal(1, other.Code);
        Assert.Contains("ENCRYPTION_KEY is not the key", other.Errors, StringComparison.Ordinal);
        AssertOrderly(other);

        var none = await HubProcess.RunAsync(Over(hub.Settings, ("INTEGRATIONS_MASTER_KEY", null)));
        Assert.Equal(1, none.Code);
        Assert.Contains("INTEGRATIONS_MASTER_KEY", none.Errors, StringComparison.Ordinal);
        AssertOrderly(none);
    }

    [Fact]
    public async Task A_lost_key_ring_is_refused_and_no_new_one_takes_its_place()
    {
        await using var hub = await HubApp.StartAsync();
        await hub.StopAsync();
        var keys = Path.Combine(hub.DataDirectory, "keys");
        Directory.Move(keys, keys + ".away");

        var exit = await HubProcess.RunAsync(hub.Settings);

        Assert.Equal(1, exit.Code);
        Assert.Contains(keys, exit.Errors, StringComparison.Ordinal);
        AssertOrderly(exit);
        Directory.Delete(keys, recursive: true);
        Directory.Move(keys + ".away", keys);
        await using var again = HubProcess.Start(hub.Settings);
        await again.WaitUntilListeningAsync();
    }

    [Fact]
    public async Task A_second_hub_on_the_same_directory_is_refused()
    {
        await using var hub = await HubApp.StartAsync();

        var exit = await HubProcess.RunAsync(hub.Settings);

        Assert.Equal(1, exit.Code);
        Assert.Contains("Another hub already runs", exit.Errors, StringComparison.Ordinal);
        AssertOrderly(exit);
        Assert.Equal(200, (await hub.Client.GetApiAsync("/api/me")).Status);
    }

    [Fact]
    public async Task A_hub_that_is_killed_while_it_starts_starts_again()
    {
        using var directory = new TempDirectory();
        Dictionary<string, string?> settings = new() { ["Data:Directory"] = directory.Path };
        foreach (var file in new[] { "migrate.lock", Core.Storage.Database.SqliteFileName, "keys" })
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watcher = new FileSystemWatcher(directory.Path) { EnableRaisingEvents = true };
            watcher.Created += (_, created) => Seen(created.Name);
            watcher.Changed += (_, changed) => Seen(changed.Name);
            await using var process = HubProcess.Start(settings);
            await Task.WhenAny(seen.Task, process.WaitUntilListeningAsync()).WaitAsync(TimeSpan.FromSeconds(60));
            await process.KillAsync();

            void Seen(string? name)
            {
                if (name == file)
                {
                    seen.TrySetResult();
                }
            }
        }

        await using var last = HubProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await last.WaitUntilListeningAsync() };
        Assert.Equal(200, (await client.GetApiAsync("/health/ready")).Status);
    }

    private static void AssertOrderly(HubExit exit)
    {
        Assert.StartsWith("Integrations cannot start:", exit.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", exit.Errors + exit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", exit.Errors, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Set(string key, string? value) => new(StringComparer.Ordinal) { [key] = value };

    private static Dictionary<string, string?> Over(IReadOnlyDictionary<string, string?> settings, params IEnumerable<(string Key, string? Value)> changes)
    {
        var all = settings.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            all[key] = value;
        }

        return all;
    }
}

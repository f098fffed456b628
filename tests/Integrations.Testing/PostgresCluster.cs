using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Integrations.Testing;

/// <summary>The private server's folder and its process.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private readonly UnprivilegedUser _user;
    private readonly string _binaries;
    private readonly string _folder;
    private readonly string _password;
    private readonly bool _isDurable;
    private Process? _keeper;
    private int _port;

    private PostgresCluster(string binaries, UnprivilegedUser user, string folder, bool isDurable)
    {
        _binaries = binaries;
        _user = user;
        _folder = folder;
        _isDurable = isDurable;
        _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Password = _password,
        Database = "postgres",
    }.ConnectionString;

    private string Data => Path.Combine(_folder, "data");

    public static string? FindBinaries()
    {
        // The newest installed; Debian keeps these out of PATH.
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        return Path.GetDirectoryName(debian.Select(folder => Path.Combine(folder, "initdb")).FirstOrDefault(File.Exists) ?? Command.Find("initdb"));
    }

    public static async Task<PostgresCluster> CreateAsync(bool isDurable, CancellationToken cancellationToken)
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException(PostgresServer.Missing);
        var user = UnprivilegedUser.Choose();
        await PostgresFolders.RemoveAbandonedAsync(binaries, user, cancellationToken);

        var cluster = new PostgresCluster(binaries, user, await PostgresFolders.CreateAsync(user, cancellationToken), isDurable);
        cluster._keeper = PostgresFolders.StartKeeper(cluster._folder, cluster.Stop("immediate"));
        try
        {
            await cluster.InitializeAsync(cancellationToken);
            await cluster.StartOnFreePortAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) =>
        RunAsync([Program("pg_ctl"), "start", "-w", "-s", "-D", Data, "-l", Path.Combine(_folder, "server.log"), "-o", Settings()], cancellationToken);

    public Task StopAsync(bool immediately, CancellationToken cancellationToken)
    {
        var stop = Stop(immediately ? "immediate" : "fast");
        return Command.RunAsync(stop[0], stop[1..], _folder, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is { } keeper)
        {
            _keeper = null;
            keeper.StandardInput.Close();
            await keeper.WaitForExitAsync();
            keeper.Dispose();
        }
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password, cancellationToken);
        await RunAsync(
            [
                Program("initdb"), "-D", Data, "-U", "postgres", $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
            ],
            cancellationToken);
        File.Delete(passwordFile);
    }

    private async Task StartOnFreePortAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort.Take();
            try
            {
                await StartAsync(cancellationToken);
                return;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Another process may have taken the port in between.
            }
        }
    }

    private string Settings() => string.Create(
        CultureInfo.InvariantCulture,
        $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories='{_folder}' -c max_connections=300{(_isDurable ? "" : " -c fsync=off -c full_page_writes=off")}");

    private string[] Stop(string mode) => [.. _user.Prefix, Program("pg_ctl"), "stop", "-w", "-s", "-D", Data, "-m", mode];

    private string Program(string name) => Path.Combine(_binaries, name);

    private Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        string[] all = [.. _user.Prefix, .. command];
        return Command.RunAsync(all[0], all[1..], _folder, cancellationToken);
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Integrations.Testing;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>The whole hub in a process of its own, as it is operated, with a client of its REST API.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly HubProcess _process;

    private HubServer(string? postgres) => _process = HubProcess.Start(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Data:Directory"] = _directory.Path,
        ["Database:Provider"] = postgres is null ? "Sqlite" : "Postgres",
        ["ConnectionStrings:Integrations"] = postgres,
        ["INTEGRATIONS_MASTER_KEY"] = HubApp.MasterKey,
        ["Setup:AdminEmail"] = HubApp.OwnerEmail,
        ["Setup:AdminPassword"] = HubApp.OwnerPassword,
        ["Setup:Organization"] = HubApp.OrganizationName,
        ["Setup:ApiKey"] = HubApp.OwnerKey,
        ["Security:AllowedNetworks:0"] = "127.0.0.0/8",
    });

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public static async Task<HubServer> StartAsync(string? postgres)
    {
        var server = new HubServer(postgres);
        server.Client.BaseAddress = await server._process.WaitUntilListeningAsync();
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", HubApp.OwnerKey);
        return server;
    }

    public async Task AddEndpointAsync(string url, string eventType)
    {
        using var response = await Client.PostAsJsonAsync(new Uri("/api/webhooks", UriKind.Relative), new { url, events = new[] { eventType } });
        response.EnsureSuccessStatusCode();
    }

    public async Task PublishAsync(HttpContent events, CancellationToken cancellationToken)
    {
        using var response = await Client.PostAsync(new Uri("/api/events", UriKind.Relative), events, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The processor time that the hub has used since its start.</summary>
    public TimeSpan ProcessorTime()
    {
        using var process = Process.GetProcessById(_process.Id);
        return process.TotalProcessorTime;
    }

    /// <summary>Memory that belongs to the process alone and is in use, in MiB.</summary>
    public async Task<double> PrivateMebibytesAsync()
    {
        var line = (await File.ReadAllLinesAsync($"/proc/{_process.Id}/status")).Single(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}

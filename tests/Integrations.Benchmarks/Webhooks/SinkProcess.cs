using System.Diagnostics;
using Integrations.Sandbox;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>The receiver in a process of its own, counting only.</summary>
internal sealed class SinkProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new();

    private SinkProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    public static async Task<SinkProcess> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, "--count-only"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return new SinkProcess(process, line!.Split(' ')[1]);
    }

    public async Task<long> CountAsync() => long.Parse(await _client.GetStringAsync(new Uri($"{Address}/count")));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

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

    /// <summary>Ends when it has received this many since its start.</summary>
    public async Task WaitForAsync(long count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        while (await CountAsync() < count)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

using System.Diagnostics;
using System.Net.Http.Json;
using Integrations.Sandbox;

namespace Integrations.Benchmarks.Sync;

/// <summary>The providers' stand-ins in a process of their own.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new();

    private SandboxProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public static async Task<SandboxProcess> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, "--port", "0"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return new SandboxProcess(process, line!.Split(' ')[1]);
    }

    public string BaseOf(string provider) => $"{Address}/providers/{provider}";

    /// <summary>Gives a provider this many rows of a type, all of them clean.</summary>
    public async Task HoldAsync(string provider, string type, int rows)
    {
        using var answer = await _client.PutAsync(new Uri($"{Address}/control/{provider}?rows.{type}={rows}&dirt=off"), JsonContent.Create(new { }));
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

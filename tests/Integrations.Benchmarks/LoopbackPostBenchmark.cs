using BenchmarkDotNet.Attributes;
using Integrations.Sandbox;

namespace Integrations.Benchmarks;

/// <summary>What one POST over loopback costs with nothing of ours around it: no delivery can be measured faster than this.</summary>
[InProcess] // BenchmarkDotNet's generated project would restore by itself, which a feed without its templates' packages cannot.
[MemoryDiagnoser]
public class LoopbackPostBenchmark
{
    private readonly byte[] _body = new byte[1024];
    private readonly HttpClient _client = new();
    private SandboxHost _sandbox = null!;
    private string _url = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { CountOnly = true });
        _url = _sandbox.ReceiveUrl("benchmark");
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Benchmark]
    public async Task PostAsync()
    {
        using var body = new ByteArrayContent(_body);
        using var answer = await _client.PostAsync(_url, body);
    }
}

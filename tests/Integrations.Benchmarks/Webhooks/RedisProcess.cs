using System.Diagnostics;
using System.Net.Sockets;
using Integrations.Testing;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>A Redis of its own, which keeps its log of writes and syncs it every second, as those who run queues on it do.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Process _process;

    private RedisProcess()
    {
        Port = FreePort.Take();
        string[] arguments = ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory.Path, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--logfile", "redis.log"];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { UseShellExecute = false })!;
    }

    public int Port { get; }

    public static async Task<RedisProcess> StartAsync()
    {
        if (Command.Find("redis-server") is null)
        {
            var folder = Path.GetTempPath();
            await Command.RunAsync("apt-get", ["update", "-qq"], folder);
            await Command.RunAsync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "redis-server"], folder);
        }

        var redis = new RedisProcess();
        await redis.WaitUntilListeningAsync();
        return redis;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private async Task WaitUntilListeningAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync("127.0.0.1", Port, patience.Token);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }
}

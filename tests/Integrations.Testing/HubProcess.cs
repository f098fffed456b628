using System.Collections.Concurrent;
using System.Diagnostics;
using Integrations.Web;

namespace Integrations.Testing;

/// <summary>How a run of the hub as a process ended.</summary>
public sealed record HubExit(int Code, string Output, string Errors);

/// <summary>The hub as its operator starts it: a process of its own, configured by its environment.</summary>
public sealed class HubProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <param name="settings">By their keys; a colon is written as the environment wants it.</param>
    public static HubProcess Start(IEnumerable<KeyValuePair<string, string?>> settings, params IEnumerable<string> arguments) =>
        Start(typeof(App).Assembly.Location, settings, arguments);

    /// <param name="folder">Where <c>dotnet publish</c> has put the hub.</param>
    public static HubProcess StartPublished(string folder, IEnumerable<KeyValuePair<string, string?>> settings) =>
        Start(Path.Combine(folder, Path.GetFileName(typeof(App).Assembly.Location)), settings, []);

    /// <summary>Runs it to its end.</summary>
    public static async Task<HubExit> RunAsync(IEnumerable<KeyValuePair<string, string?>> settings, params IEnumerable<string> arguments)
    {
        await using var process = Start(settings, arguments);
        return await process.WaitForExitAsync();
    }

    /// <summary>Where it listens, as soon as it does.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message holds its output.</exception>
    public async Task<Uri> WaitUntilListeningAsync()
    {
        var ended = _process.WaitForExitAsync();
        await Task.WhenAny(_address.Task, ended).WaitAsync(_patience);
        return _address.Task.IsCompleted ? await _address.Task : throw new InvalidOperationException((await WaitForExitAsync()).ToString());
    }

    public async Task<HubExit> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        await _process.WaitForExitAsync(patience.Token);
        return new HubExit(_process.ExitCode, string.Join('\n', _output), string.Join('\n', _errors));
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task<HubExit> KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        return await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static HubProcess Start(string assembly, IEnumerable<KeyValuePair<string, string?>> settings, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Logging__Console__DisableColors"] = "true";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new HubProcess(start);
    }

    private void Read(string? line)
    {
        _output.Enqueue(line ?? "");
        if (line?.IndexOf(Listening, StringComparison.Ordinal) is { } at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }
}

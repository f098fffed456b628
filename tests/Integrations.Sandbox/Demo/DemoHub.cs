using System.Diagnostics;
using System.Globalization;

namespace Integrations.Sandbox.Demo;

/// <summary>The hub as a process of its own, its log in a file.</summary>
internal sealed class DemoHub : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(45);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isClosed;

    private DemoHub(ProcessStartInfo start, string log)
    {
        _log = new StreamWriter(log) { AutoFlush = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static DemoHub Start(string assembly, IReadOnlyDictionary<string, string?> settings, string log)
    {
        var start = new ProcessStartInfo("dotnet", [assembly]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new DemoHub(start, log);
    }

    /// <summary>Whether it came up; it has ended when not.</summary>
    public async Task<bool> WaitUntilListeningAsync() => await Task.WhenAny(_listening.Task, _process.WaitForExitAsync()) == _listening.Task;

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    /// <summary>Lets it finish what is in flight, as its operator would.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (OperatingSystem.IsWindows())
            {
                _process.Kill();
            }
            else
            {
                using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            }

            using var patience = new CancellationTokenSource(_patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
        lock (_log)
        {
            _isClosed = true;
            _log.Dispose();
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            if (!_isClosed)
            {
                _log.WriteLine(line);
            }
        }

        if (line.Contains("Now listening on: ", StringComparison.Ordinal))
        {
            _listening.TrySetResult();
        }
    }
}

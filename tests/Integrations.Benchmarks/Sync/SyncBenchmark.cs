using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime;
using System.Text.Json;
using Integrations.Core.Sync;

namespace Integrations.Benchmarks.Sync;

/// <summary>
/// Rows a second of a full inbound sync, stored, divided by a bare loop that fetches and parses the same pages and keeps nothing. Loop and hub take turns; the median counts.
/// Then what a second, incremental run of unchanged rows costs.
/// </summary>
internal static class SyncBenchmark
{
    private const double LeastRatio = 0.4;

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var isMet = true;
        foreach (var source in new[] { SyncSource.Stripe, SyncSource.HubSpot })
        {
            isMet &= await RunAsync(options, source);
        }

        return isMet;
    }

    private static async Task<bool> RunAsync(BenchmarkOptions options, SyncSource source)
    {
        var (rows, runs) = (options.Events ?? 100_000, options.Runs ?? 3);
        Console.WriteLine($"{options.DatabaseName}: {rows:N0} contacts of {source.Provider}, 100 a page");
        await using var sandbox = await SandboxProcess.StartAsync();
        await sandbox.HoldAsync(source.Provider, source.RowType, rows);
        // A hub runs for weeks: what it costs to compile it is over before anything is measured.
        await BareAsync(sandbox, source);
        await using (var warm = await SyncHub.StartAsync(options, sandbox, source))
        {
            await warm.SyncAsync(SyncType.Full);
        }

        List<double> ratios = [];
        for (var run = 1; run <= runs; run++)
        {
            var bare = await BareAsync(sandbox, source);
            await using var hub = await SyncHub.StartAsync(options, sandbox, source);
            await CompileAsync();
            var (full, took) = await hub.SyncAsync(SyncType.Full);
            var rate = full.Processed / took.TotalSeconds;
            var (again, second) = await hub.SyncAsync(SyncType.Incremental);
            ratios.Add(rate / bare);
            Console.WriteLine(
                $"run {run}: bare {bare,7:N0}/s   stored {rate,7:N0}/s   ratio {ratios[^1]:F2}   again, nothing changed: {again.Parts[0].Calls} calls, {again.Processed} rows, {second.TotalMilliseconds:N0} ms");
        }

        return Bar.AtLeast($"sync of {source.Provider} into {options.DatabaseName}, median ratio to the bare loop", Bar.Median(ratios), LeastRatio);
    }

    // Each new hub makes the runtime compile on in the background for seconds, on one of few cores.
    private static async Task CompileAsync()
    {
        for (var (before, quiet) = (0L, 0); quiet < 5; before = JitInfo.GetCompiledMethodCount())
        {
            quiet = before == JitInfo.GetCompiledMethodCount() ? quiet + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task<double> BareAsync(SandboxProcess sandbox, SyncSource source)
    {
        using HttpClient client = new();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", source.Key);
        var (count, path) = (0, (string?)source.FirstPath);
        var watch = Stopwatch.StartNew();
        while (path is not null)
        {
            var bytes = await client.GetByteArrayAsync(new Uri(sandbox.BaseOf(source.Provider) + path));
            using var page = JsonDocument.Parse(bytes);
            (var rows, path) = source.Read(page.RootElement);
            count += rows;
        }

        return count / watch.Elapsed.TotalSeconds;
    }
}

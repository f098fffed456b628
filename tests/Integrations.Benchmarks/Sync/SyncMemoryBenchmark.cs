using Integrations.Core.Sync;

namespace Integrations.Benchmarks.Sync;

/// <summary>The most memory that the hub has in a sync of a million rows, above what it has in one of a hundred thousand.</summary>
internal static class SyncMemoryBenchmark
{
    private const double MostMiB = 60;

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var rows = options.Events ?? 1_000_000;
        Console.WriteLine($"{options.DatabaseName}: working set in a sync of {rows / 10:N0} and of {rows:N0} contacts");
        await using var sandbox = await SandboxProcess.StartAsync();
        List<double> peaks = [];
        foreach (var count in new[] { rows / 10, rows })
        {
            await sandbox.HoldAsync(SyncSource.Stripe.Provider, SyncSource.Stripe.RowType, count);
            await using var hub = await SyncHub.StartAsync(options, sandbox, SyncSource.Stripe);
            var peak = 0L;
            await using (new Timer(_ => peak = Math.Max(peak, Environment.WorkingSet), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)))
            {
                var (run, took) = await hub.SyncAsync(SyncType.Full);
                Console.WriteLine($"{run.Processed:N0} rows in {took.TotalSeconds:N0} s, peak {peak / 1048576.0:N0} MiB");
            }

            peaks.Add(peak / 1048576.0);
        }

        return Bar.AtMost($"memory of a sync on {options.DatabaseName}, growth in MiB", peaks[1] - peaks[0], MostMiB);
    }
}

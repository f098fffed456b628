using Integrations.Benchmarks.Connections;
using Integrations.Benchmarks.Sync;
using Integrations.Benchmarks.Webhooks;

namespace Integrations.Benchmarks;

/// <summary>
/// dotnet run -c Release --project tests/Integrations.Benchmarks -- {measurement} [--postgres] [--events N] [--runs N]
/// Machines differ and are noisy: what counts are ratios of measurements taken in turns in the same run.
/// </summary>
public static class BenchmarksProgram
{
    private static readonly Dictionary<string, Func<BenchmarkOptions, Task<bool>>> _measurements = new(StringComparer.Ordinal)
    {
        ["deliveries"] = DeliveryBenchmark.RunAsync,
        ["bullmq"] = BullMqBenchmark.RunAsync,
        ["publish"] = PublishBenchmark.RunAsync,
        ["stored"] = StoredBenchmark.RunAsync,
        ["memory"] = MemoryBenchmark.RunAsync,
        ["sick"] = SickBenchmark.RunAsync,
        ["catalogue"] = CatalogueBenchmark.RunAsync,
        ["sync"] = SyncBenchmark.RunAsync,
        ["sync-memory"] = SyncMemoryBenchmark.RunAsync,
    };

    /// <returns>0 when the bar is met, 1 when it is not, 2 when the arguments are wrong.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (args.Length == 0 || !_measurements.TryGetValue(args[0], out var measure) || BenchmarkOptions.Read(args[1..]) is not { } options)
        {
            await Console.Error.WriteLineAsync($"Usage: {string.Join('|', _measurements.Keys)} [--postgres] [--events N] [--runs N]");
            return 2;
        }

        return await measure(options) ? 0 : 1;
    }
}

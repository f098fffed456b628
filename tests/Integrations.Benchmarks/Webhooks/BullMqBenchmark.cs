using System.Text.Json;
using Integrations.Testing;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Deliveries a second, divided by those of a BullMQ worker on Redis with the same bodies, signatures and sink. They take turns; the median counts.</summary>
internal static class BullMqBenchmark
{
    private const int Concurrency = 128;
    private const double LeastRatio = 1.5;

    private static readonly string _folder = RepositoryFiles.Path("tests", "Integrations.Benchmarks", "bullmq");

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var (events, runs) = (options.Events ?? 100_000, options.Runs ?? 3);
        Console.WriteLine($"{options.DatabaseName} and BullMQ: {events:N0} events, {DeliveryBenchmark.Endpoints} endpoints, 1 KB, BullMQ's concurrency {Concurrency}");
        await InstallAsync();
        await using var redis = await RedisProcess.StartAsync();
        await using var sink = await SinkProcess.StartAsync();
        await DeliveryBenchmark.MeasureAsync(options, sink, 5_000);
        List<double> ratios = [];
        for (var run = 1; run <= runs; run++)
        {
            var before = await sink.CountAsync();
            var bull = await WorkAsync(redis, sink, events);
            var arrived = await sink.CountAsync() - before;
            if (arrived != events)
            {
                throw new InvalidOperationException($"{arrived} requests of BullMQ arrived for {events} jobs.");
            }

            var hub = await DeliveryBenchmark.MeasureAsync(options, sink, events);
            ratios.Add(hub.Delivered / bull.Delivered);
            Console.WriteLine($"run {run}: BullMQ added {bull.Published,7:N0}/s, delivered {bull.Delivered,7:N0}/s   hub {hub}   ratio {ratios[^1]:F2}");
        }

        return Bar.AtLeast($"deliveries on {options.DatabaseName}, median ratio to BullMQ", Bar.Median(ratios), LeastRatio);
    }

    private static async Task<BullMqRates> WorkAsync(RedisProcess redis, SinkProcess sink, int events)
    {
        var output = await Command.RunAsync("node", ["worker.mjs", $"{redis.Port}", sink.Address, $"{events}", $"{Concurrency}"], _folder);
        return JsonSerializer.Deserialize<BullMqRates>(output, JsonSerializerOptions.Web)!;
    }

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(_folder, "node_modules", "bullmq")))
        {
            await Command.RunAsync("npm", ["ci", "--no-audit", "--no-fund"], _folder);
        }
    }

    private sealed record BullMqRates(double Published, double Delivered);
}

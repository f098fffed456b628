using System.Diagnostics;
using System.Text;
using Integrations.Testing;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Deliveries a second, stored and recorded, divided by a bare loop to the same sink; alternating runs, the median counts.</summary>
internal static class DeliveryBenchmark
{
    public const int Endpoints = 50;
    private const int InFlight = 256;
    private static readonly byte[] _data = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 900)}\"}}");

    public static async Task RunAsync(bool postgres, int events, int runs)
    {
        Console.WriteLine($"{(postgres ? "PostgreSQL" : "SQLite")}: {events:N0} events, {Endpoints} endpoints, 1 KB, {InFlight} in flight");
        await using var sink = await SinkProcess.StartAsync();
        await BareLoop.RunAsync(sink.Address, _data, Math.Min(events, 20_000), InFlight);
        List<double> ratios = [];
        for (var run = 1; run <= runs; run++)
        {
            var bare = await BareLoop.RunAsync(sink.Address, _data, events, InFlight);
            var (published, delivered) = await MeasureAsync(postgres, sink.Address, events);
            ratios.Add(delivered / bare);
            Console.WriteLine($"run {run}: bare {bare,8:N0}/s   published {published,8:N0}/s   delivered and recorded {delivered,8:N0}/s   ratio {delivered / bare:F2}");
        }

        ratios.Sort();
        Console.WriteLine($"median ratio {ratios[ratios.Count / 2]:F2} (goal 0.35)");
    }

    private static async Task<(double Published, double Delivered)> MeasureAsync(bool postgres, string sink, int events)
    {
        var database = postgres ? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() : null;
        await using var hub = await HubUnderTest.StartAsync(database, sink, Endpoints);
        var published = await hub.PublishAsync(_data, events);
        var watch = Stopwatch.StartNew();
        await hub.StartDeliveringAsync();
        await hub.WaitUntilDeliveredAsync(events);
        return (published, events / watch.Elapsed.TotalSeconds);
    }
}

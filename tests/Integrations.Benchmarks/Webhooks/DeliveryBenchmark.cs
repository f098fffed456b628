using System.Diagnostics;
using System.Text;
using Integrations.Core.Webhooks;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>
/// Deliveries a second, stored and recorded, divided by a bare loop that posts the same signed body to the same sink with as many requests in flight.
/// Each event matches one of fifty endpoints. Loop and hub take turns; the median counts.
/// </summary>
internal static class DeliveryBenchmark
{
    public const int Endpoints = 50;
    public const double LeastRatio = 0.35;
    // Enough for the just-in-time compiler to be done with what is measured: in the second hundred thousand it still took a fifth of the processors.
    private const int WarmUp = 100_000;
    private const int WarmUps = 2;

    /// <summary>As many as the hub has without being told.</summary>
    public static int InFlight { get; } = new WebhookOptions().MaxInFlight;

    /// <summary>Makes a body of 1 KB.</summary>
    public static byte[] Data { get; } = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 900)}\"}}");

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var (events, runs) = (options.Events ?? 100_000, options.Runs ?? 5);
        Console.WriteLine($"{options.DatabaseName}: {events:N0} events, {Endpoints} endpoints, 1 KB, {InFlight} in flight");
        await using var sink = await SinkProcess.StartAsync();
        for (var round = 0; round < WarmUps; round++)
        {
            await BareLoop.RunAsync(sink.Address, Data, WarmUp, InFlight);
            await MeasureAsync(options, sink, WarmUp);
        }

        List<double> ratios = [];
        for (var run = 1; run <= runs; run++)
        {
            var bare = await BareLoop.RunAsync(sink.Address, Data, events, InFlight);
            var hub = await MeasureAsync(options, sink, events);
            ratios.Add(hub.Delivered / bare);
            Console.WriteLine($"run {run}: bare {bare,7:N0}/s   {hub}   ratio {ratios[^1]:F2}");
        }

        return Bar.AtLeast($"deliveries on {options.DatabaseName}, median ratio to the bare loop", Bar.Median(ratios), LeastRatio);
    }

    /// <summary>Publishes all, then lets the dispatcher run, on a new database.</summary>
    public static async Task<HubRates> MeasureAsync(BenchmarkOptions options, SinkProcess sink, int events)
    {
        await using var hub = await HubUnderTest.StartAsync(await options.CreateDatabaseAsync());
        await hub.AddEndpointsAsync(sink.Address, Endpoints);
        var published = await hub.PublishAsync(Data, events);
        var (before, processor) = (await sink.CountAsync(), Environment.CpuUsage.TotalTime);
        var watch = Stopwatch.StartNew();
        await hub.StartDeliveringAsync();
        // Asked of the sink at first: the hub's database has other things to do.
        await sink.WaitForAsync(before + events);
        await hub.WaitUntilDeliveredAsync(events);
        var delivered = events / watch.Elapsed.TotalSeconds;
        var arrived = await sink.CountAsync() - before;
        return arrived == events
            ? new HubRates(published, delivered, (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / events)
            : throw new InvalidOperationException($"{arrived} requests arrived for {events} events.");
    }
}

/// <summary>Events accepted and deliveries recorded a second, and the processor time of the hub's process for each delivery.</summary>
internal sealed record HubRates(double Published, double Delivered, double ProcessorMicroseconds)
{
    public override string ToString() => $"published {Published,7:N0}/s   delivered and recorded {Delivered,7:N0}/s ({ProcessorMicroseconds:N0} µs of the hub's processor time each)";
}

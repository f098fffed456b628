using System.Collections.Concurrent;
using System.Diagnostics;
using Integrations.Sandbox;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>
/// Single events through the REST API over 32 connections, each for one endpoint and delivered meanwhile; then, with nothing else to do, the time from the
/// answer that an event is accepted to its receipt.
/// </summary>
internal static class PublishBenchmark
{
    private const int Connections = 32;
    private const int IdleEvents = 300;
    private const double MostIdleMilliseconds = 20;

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var (events, runs) = (options.Events ?? 20_000, options.Runs ?? 3);
        Console.WriteLine($"{options.DatabaseName}: {events:N0} single events over {Connections} connections, 1 KB, each for one endpoint");
        await using var sink = await SinkProcess.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await HubServer.StartAsync(await options.CreateDatabaseAsync());
        await hub.AddEndpointAsync($"{sink.Address}/receive/load", HubUnderTest.EventType(0));
        await hub.AddEndpointAsync(sandbox.ReceiveUrl("idle"), HubUnderTest.EventType(1));
        await PublishAsync(hub, 2_000);
        List<double> idle = [];
        for (var run = 1; run <= runs; run++)
        {
            var (watch, processor) = (Stopwatch.StartNew(), hub.ProcessorTime());
            var times = await PublishAsync(hub, events);
            var rate = events / watch.Elapsed.TotalSeconds;
            await sink.WaitForAsync(2_000 + ((long)run * events));
            var each = (hub.ProcessorTime() - processor).TotalMicroseconds / events;
            var waits = await PublishIdlyAsync(hub, sandbox);
            idle.Add(Bar.Median(waits));
            Console.WriteLine(
                $"run {run}: {rate,7:N0} events/s ({each:N0} µs of the hub's processor time each, delivery included)   p50 {Bar.Median(times):F1} ms   p99 {Bar.Percentile(times, 0.99):F1} ms   "
                + $"idle: accepted to received p50 {idle[^1]:F1} ms, p99 {Bar.Percentile(waits, 0.99):F1} ms");
        }

        return Bar.AtMost($"publishing on {options.DatabaseName}, milliseconds from accepted to received when idle (p50)", Bar.Median(idle), MostIdleMilliseconds);
    }

    /// <returns>Milliseconds that each request took.</returns>
    private static async Task<IReadOnlyCollection<double>> PublishAsync(HubServer hub, int events)
    {
        ConcurrentBag<double> times = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, events), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (_, cancellationToken) =>
        {
            var start = Stopwatch.GetTimestamp();
            using var content = EventContent.One(HubUnderTest.EventType(0));
            await hub.PublishAsync(content, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        });
        return times;
    }

    /// <returns>Milliseconds from each answer to the receipt; 0 when the event came first.</returns>
    private static async Task<IReadOnlyCollection<double>> PublishIdlyAsync(HubServer hub, SandboxHost sandbox)
    {
        List<double> waits = [];
        for (var i = 0; i < IdleEvents; i++)
        {
            var received = sandbox.Receiver.Count("idle") + 1;
            using var content = EventContent.One(HubUnderTest.EventType(1));
            await hub.PublishAsync(content, CancellationToken.None);
            var accepted = TimeProvider.System.GetUtcNow();
            var requests = await sandbox.Receiver.WaitForAsync("idle", received, TimeSpan.FromSeconds(30));
            waits.Add(Math.Max(0, (requests[^1].ReceivedAt - accepted).TotalMilliseconds));
            await Task.Delay(10);
        }

        return waits;
    }
}

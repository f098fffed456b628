using System.Collections.Concurrent;
using Integrations.Core.Events;
using Integrations.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>
/// Ten healthy endpoints get events at a steady rate, alone and then beside one that hangs and one that answers 500: the time from accepted to received that
/// 99 of 100 healthy deliveries do not exceed, with the two divided by without. They take turns; the median counts.
/// </summary>
internal static class SickBenchmark
{
    private const int Healthy = 10;
    private const int Lot = 12;
    private const double MostRatio = 1.5;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(40);

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var (events, runs) = (options.Events ?? 6_000, options.Runs ?? 5);
        Console.WriteLine($"{options.DatabaseName}: {events:N0} events at {Lot / _pause.TotalSeconds:N0} a second to {Healthy} healthy endpoints and 2 others");
        await MeasureAsync(options, events / 3, isSick: true);
        List<double> ratios = [];
        for (var run = 1; run <= runs; run++)
        {
            var well = await MeasureAsync(options, events, isSick: false);
            var sick = await MeasureAsync(options, events, isSick: true);
            ratios.Add(Bar.Percentile(sick, 0.99) / Bar.Percentile(well, 0.99));
            Console.WriteLine($"run {run}: beside healthy ones {Describe(well)}   beside the two {Describe(sick)}   ratio {ratios[^1]:F2}");
        }

        return Bar.AtMost($"healthy deliveries beside sick endpoints on {options.DatabaseName}, median ratio of p99", Bar.Median(ratios), MostRatio);
    }

    private static string Describe(IReadOnlyCollection<double> times) => $"p50 {Bar.Median(times):F1} ms, p99 {Bar.Percentile(times, 0.99):F1} ms";

    /// <returns>Milliseconds of each healthy delivery.</returns>
    private static async Task<IReadOnlyCollection<double>> MeasureAsync(BenchmarkOptions options, int events, bool isSick)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = events });
        await using var hub = await HubUnderTest.StartAsync(await options.CreateDatabaseAsync());
        for (var i = 0; i < Lot; i++)
        {
            await hub.AddEndpointAsync(sandbox.ReceiveUrl($"{i}"), HubUnderTest.EventType(i));
        }

        if (isSick)
        {
            sandbox.Receiver.Behave($"{Healthy}", "hang");
            sandbox.Receiver.Behave($"{Healthy + 1}", "status:500");
        }

        await hub.StartDeliveringAsync();
        var accepted = await OfferAsync(hub, events);
        List<double> times = [];
        for (var i = 0; i < Healthy; i++)
        {
            var received = await sandbox.Receiver.WaitForAsync($"{i}", events / Lot, TimeSpan.FromSeconds(60));
            times.AddRange(received.Select(request => Math.Max(0, (request.ReceivedAt - accepted[request.Header("webhook-id")!]).TotalMilliseconds)));
        }

        return times;
    }

    /// <summary>Publishes one event for each endpoint, again and again, whether or not the last ones have arrived.</summary>
    /// <returns>When each was accepted.</returns>
    private static async Task<ConcurrentDictionary<string, DateTimeOffset>> OfferAsync(HubUnderTest hub, int events)
    {
        var publisher = hub.Services.GetRequiredService<EventPublisher>();
        NewEvent[] lot = [.. Enumerable.Range(0, Lot).Select(i => new NewEvent(HubUnderTest.EventType(i), DeliveryBenchmark.Data))];
        ConcurrentDictionary<string, DateTimeOffset> accepted = new(StringComparer.Ordinal);
        List<Task> publishing = [];
        using var timer = new PeriodicTimer(_pause);
        for (var i = 0; i < events / Lot; i++)
        {
            await timer.WaitForNextTickAsync();
            publishing.Add(PublishAsync());
        }

        await Task.WhenAll(publishing);
        return accepted;

        async Task PublishAsync()
        {
            var published = await publisher.PublishAsync(hub.Actor, lot, CancellationToken.None);
            var now = TimeProvider.System.GetUtcNow();
            foreach (var item in published)
            {
                accepted[item.Id] = now;
            }
        }
    }
}

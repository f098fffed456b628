using System.Diagnostics;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>
/// What a delivery and a page of deliveries cost with a million deliveries stored, divided by what they cost with ten thousand. Both hubs take turns; the median
/// counts. A list that costs more is named with its plan.
/// </summary>
internal static class StoredBenchmark
{
    private const int Few = 10_000;
    private const double MostRatio = 1.3;
    private const int Delivered = 2_000;
    private const int Looks = 60;
    private const int PageRows = 20;

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var (many, runs) = (options.Events ?? 1_000_000, options.Runs ?? 5);
        Console.WriteLine($"{options.DatabaseName}: {many:N0} deliveries stored, and {Few:N0}");
        await using var sink = await SinkProcess.StartAsync();
        await using var small = await StoredHub.CreateAsync(options, sink, Few);
        await using var large = await StoredHub.CreateAsync(options, sink, many);
        var isMet = await CompareListsAsync(small, large);
        return await CompareDeliveriesAsync(options, small, large, runs) && isMet;
    }

    private static async Task<bool> CompareListsAsync(StoredHub small, StoredHub large)
    {
        using QueryPlans plans = new();
        var isMet = true;
        var largeFilters = StoredQueries.All(large.Endpoint, PageRows);
        foreach (var (name, query) in StoredQueries.All(small.Endpoint, PageRows))
        {
            List<double> few = [], many = [];
            for (var look = 0; look < Looks; look++)
            {
                few.Add(await TimeAsync(() => small.ListAsync(query)));
                many.Add(await TimeAsync(() => large.ListAsync(largeFilters[name])));
            }

            var (rows, manyRows) = (await small.ListAsync(query), await large.ListAsync(largeFilters[name]));
            Console.WriteLine($"list, {name}: {Bar.Median(few):F2} ms for {rows} rows, {Bar.Median(many):F2} ms for {manyRows} rows");
            if (!Bar.AtMost($"list, {name}", Bar.Median(many) / Bar.Median(few), MostRatio))
            {
                isMet = false;
                Console.WriteLine(await plans.ExplainAsync(() => large.ListAsync(largeFilters[name])));
            }
        }

        return isMet;
    }

    private static async Task<bool> CompareDeliveriesAsync(BenchmarkOptions options, StoredHub small, StoredHub large, int runs)
    {
        await small.StartAsync();
        await large.StartAsync();
        await small.DeliverAsync(Delivered);
        await large.DeliverAsync(Delivered);
        List<double> ratios = [];
        for (var run = 1; run <= runs; run++)
        {
            var few = await TimeAsync(() => small.DeliverAsync(Delivered)) / Delivered;
            var many = await TimeAsync(() => large.DeliverAsync(Delivered)) / Delivered;
            ratios.Add(many / few);
            Console.WriteLine($"run {run}: a delivery {few * 1000:N0} µs, {many * 1000:N0} µs   ratio {ratios[^1]:F2}");
        }

        return Bar.AtMost($"a delivery on {options.DatabaseName}, from publishing to its record", Bar.Median(ratios), MostRatio);
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed class StoredHub(HubUnderTest hub, IReadOnlyList<Guid> endpoints, SinkProcess sink) : IAsyncDisposable
    {
        public Guid Endpoint => endpoints[0];

        public static async Task<StoredHub> CreateAsync(BenchmarkOptions options, SinkProcess sink, int stored)
        {
            var hub = await HubUnderTest.StartAsync(await options.CreateDatabaseAsync());
            var endpoints = await hub.AddEndpointsAsync(sink.Address, StoredFill.Endpoints);
            var watch = Stopwatch.StartNew();
            await StoredFill.RunAsync(hub, endpoints, stored);
            Console.WriteLine($"stored {stored:N0} in {watch.Elapsed.TotalSeconds:N0} s");
            return new StoredHub(hub, endpoints, sink);
        }

        public Task StartAsync() => hub.StartDeliveringAsync();

        public async Task<int> ListAsync(StoredQuery query) =>
            (await hub.Services.GetRequiredService<DeliveryQueries>().ListAsync(hub.Actor, query.Filter, query.Page, CancellationToken.None)).Rows.Count;

        public async Task DeliverAsync(int count)
        {
            var before = await sink.CountAsync();
            await hub.PublishAsync(DeliveryBenchmark.Data, count, endpoints.Count);
            await sink.WaitForAsync(before + count);
        }

        public ValueTask DisposeAsync() => hub.DisposeAsync();
    }
}

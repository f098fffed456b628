using System.Diagnostics;
using Integrations.Benchmarks.Webhooks;
using Integrations.Core.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Benchmarks.Connections;

/// <summary>
/// What the catalogue and a connection's page read, with ten thousand organizations in the database, divided by the same with ten. Both hubs take turns; the
/// median counts, and the number of queries has to be the same. A page that costs more is named with its plan.
/// </summary>
internal static class CatalogueBenchmark
{
    private const int Few = 10;
    private const int Many = 10_000;
    private const int Looks = 300;
    private const double MostRatio = 1.3;

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine($"{options.DatabaseName}: {Many:N0} organizations, and {Few:N0}");
        await using var small = await CatalogueHub.CreateAsync(options, Few);
        await using var large = await CatalogueHub.CreateAsync(options, Many);
        using QueryPlans plans = new();
        var isMet = true;
        foreach (var (name, read) in CatalogueHub.Reads)
        {
            var (queries, manyQueries) = (await plans.CountAsync(() => read(small)), await plans.CountAsync(() => read(large)));
            List<double> few = [], many = [];
            for (var look = 0; look < Looks; look++)
            {
                few.Add(await TimeAsync(() => read(small)));
                many.Add(await TimeAsync(() => read(large)));
            }

            Console.WriteLine($"{name}: {Bar.Median(few):F2} ms, {Bar.Median(many):F2} ms, {queries} and {manyQueries} queries");
            isMet &= Bar.AtMost($"{name}, more queries", manyQueries - queries, 0);
            if (!Bar.AtMost(name, Bar.Median(many) / Bar.Median(few), MostRatio))
            {
                isMet = false;
                Console.WriteLine(await plans.ExplainAsync(() => read(large)));
            }
        }

        return isMet;
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed class CatalogueHub(HubUnderTest hub, Guid connection) : IAsyncDisposable
    {
        /// <summary>What the pages read.</summary>
        public static IReadOnlyDictionary<string, Func<CatalogueHub, Task>> Reads { get; } = new Dictionary<string, Func<CatalogueHub, Task>>(StringComparer.Ordinal)
        {
            ["catalogue"] = hub => hub.Queries.CatalogueAsync(hub.Actor, new CatalogueFilter(), CancellationToken.None),
            ["list of connections"] = hub => hub.Queries.ListAsync(hub.Actor, null, null, CancellationToken.None),
            ["provider"] = hub => hub.Queries.ProviderAsync(hub.Actor, CatalogueFill.Providers[0], CancellationToken.None),
            ["connection"] = hub => hub.Queries.GetAsync(hub.Actor, hub.Connection, CancellationToken.None),
            ["connection's calls"] = hub => hub.Queries.CallsAsync(hub.Actor, hub.Connection, CancellationToken.None),
        };

        private ConnectionQueries Queries => hub.Services.GetRequiredService<ConnectionQueries>();

        private Core.Security.Actor Actor => hub.Actor;

        private Guid Connection => connection;

        public static async Task<CatalogueHub> CreateAsync(BenchmarkOptions options, int organizations)
        {
            var hub = await HubUnderTest.StartAsync(await options.CreateDatabaseAsync());
            var watch = Stopwatch.StartNew();
            var connection = await CatalogueFill.RunAsync(hub, organizations);
            Console.WriteLine($"stored {organizations:N0} in {watch.Elapsed.TotalSeconds:N0} s");
            return new CatalogueHub(hub, connection);
        }

        public ValueTask DisposeAsync() => hub.DisposeAsync();
    }
}

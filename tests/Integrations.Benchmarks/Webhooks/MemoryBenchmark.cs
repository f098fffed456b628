namespace Integrations.Benchmarks.Webhooks;

/// <summary>What the hub's process holds after many deliveries, less what it held after few: nothing may grow with what was delivered.</summary>
internal static class MemoryBenchmark
{
    private const int Few = 20_000;
    private const double MostMebibytes = 30;

    public static async Task<bool> RunAsync(BenchmarkOptions options)
    {
        var events = Math.Max(options.Events ?? 100_000, 2 * Few);
        Console.WriteLine($"{options.DatabaseName}: private memory of the hub at {Few:N0} and at {events:N0} deliveries");
        List<double> growths = [];
        for (var run = 1; run <= (options.Runs ?? 1); run++)
        {
            growths.Add(await MeasureAsync(options, events));
        }

        return Bar.AtMost($"memory on {options.DatabaseName}, growth in MiB", Bar.Median(growths), MostMebibytes);
    }

    private static async Task<double> MeasureAsync(BenchmarkOptions options, int events)
    {
        await using var sink = await SinkProcess.StartAsync();
        await using var hub = await HubServer.StartAsync(await options.CreateDatabaseAsync());
        for (var i = 0; i < 10; i++)
        {
            await hub.AddEndpointAsync($"{sink.Address}/receive/{i}", HubUnderTest.EventType(i));
        }

        var few = await DeliverAsync(hub, sink, 0, Few);
        var many = await DeliverAsync(hub, sink, Few, events);
        Console.WriteLine($"{few:F1} MiB at {Few:N0}, {many:F1} MiB at {events:N0}");
        return many - few;
    }

    /// <returns>The memory once all is delivered and the process has come to rest: the median of ten looks in five seconds.</returns>
    private static async Task<double> DeliverAsync(HubServer hub, SinkProcess sink, int from, int to)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, (to - from) / 100), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, cancellationToken) =>
        {
            using var content = EventContent.Hundred(i => HubUnderTest.EventType(i % 10));
            await hub.PublishAsync(content, cancellationToken);
        });
        await sink.WaitForAsync(to);
        List<double> looks = [];
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(500);
            looks.Add(await hub.PrivateMebibytesAsync());
        }

        return Bar.Median(looks);
    }
}

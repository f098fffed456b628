using Integrations.Benchmarks.Webhooks;

namespace Integrations.Benchmarks;

/// <summary>
/// dotnet run -c Release --project tests/Integrations.Benchmarks -- deliveries [--postgres] [--events 100000] [--runs 5]
/// Every figure is a ratio to a bare loop in the same run, since machines differ and are noisy.
/// </summary>
public static class BenchmarksProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["deliveries", ..])
        {
            await Console.Error.WriteLineAsync("Usage: deliveries [--postgres] [--events N] [--runs N]");
            return 2;
        }

        await DeliveryBenchmark.RunAsync(args.Contains("--postgres"), Number(args, "--events", 100_000), Number(args, "--runs", 5));
        return 0;
    }

    private static int Number(string[] args, string name, int fallback)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1]) : fallback;
    }
}

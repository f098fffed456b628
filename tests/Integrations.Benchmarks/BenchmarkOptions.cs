using System.Globalization;
using Integrations.Testing;

namespace Integrations.Benchmarks;

/// <summary>What to measure on, and how much.</summary>
/// <param name="Events">Rounded up to hundreds, in which they are published; null for the measurement's own number.</param>
/// <param name="Runs">Null for the measurement's own number.</param>
internal sealed record BenchmarkOptions(bool Postgres, int? Events, int? Runs)
{
    // As durable as in production, which those that tests share are not.
    private static readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartNewAsync());

    public string DatabaseName => Postgres ? "PostgreSQL" : "SQLite";

    /// <summary>Null when an argument is not understood.</summary>
    public static BenchmarkOptions? Read(IReadOnlyList<string> args)
    {
        BenchmarkOptions options = new(false, null, null);
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--postgres")
            {
                options = options with { Postgres = true };
            }
            else if (i + 1 < args.Count && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && args[i] is "--events" or "--runs")
            {
                options = args[i++] == "--events" ? options with { Events = (number + 99) / 100 * 100 } : options with { Runs = number };
            }
            else
            {
                return null;
            }
        }

        return options;
    }

    /// <summary>The connection string of a new, empty database on PostgreSQL; null on SQLite.</summary>
    public async Task<string?> CreateDatabaseAsync() => Postgres ? await (await _postgres.Value).CreateDatabaseAsync() : null;
}

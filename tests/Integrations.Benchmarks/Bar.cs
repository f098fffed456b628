namespace Integrations.Benchmarks;

/// <summary>Says in one line whether a figure meets its bar.</summary>
internal static class Bar
{
    public static bool AtLeast(string what, double value, double bar) => Say(what, value, $"at least {bar:0.##}", value >= bar);

    public static bool AtMost(string what, double value, double bar) => Say(what, value, $"at most {bar:0.##}", value <= bar);

    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    /// <param name="part">0.99 for the value that 99 of 100 do not exceed.</param>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
    }

    private static bool Say(string what, double value, string bar, bool isMet)
    {
        Console.WriteLine($"{(isMet ? "MET   " : "MISSED")} {what}: {value:0.00}, bar {bar}");
        return isMet;
    }
}

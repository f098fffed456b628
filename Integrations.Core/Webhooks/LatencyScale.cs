namespace Integrations.Core.Webhooks;

/// <summary>Times in steps of a quarter of an octave from 0.1 ms on, so that a percentile read from counts is at most a fifth too high.</summary>
public static class LatencyScale
{
    private const double FirstMilliseconds = 0.1;
    private const int StepsPerOctave = 4;
    private const int LastStep = 80;

    /// <summary>The step that a time falls into.</summary>
    public static int StepOf(TimeSpan time) =>
        time.TotalMilliseconds <= FirstMilliseconds ? 0 : Math.Min(LastStep, (int)Math.Ceiling(Math.Log2(time.TotalMilliseconds / FirstMilliseconds) * StepsPerOctave));

    /// <summary>The longest time of a step, in milliseconds.</summary>
    public static double Milliseconds(int step) => FirstMilliseconds * Math.Pow(2, (double)step / StepsPerOctave);

    /// <summary>The time, in milliseconds, that a share of the counted tries did not exceed; null when there were none.</summary>
    /// <param name="share">0 to 1.</param>
    public static double? Percentile(IEnumerable<(int Step, long Count)> counts, double share)
    {
        var ordered = counts.OrderBy(item => item.Step).ToList();
        var wanted = ordered.Sum(item => item.Count) * share;
        var seen = 0L;
        foreach (var (step, count) in ordered)
        {
            seen += count;
            if (seen >= wanted)
            {
                return Milliseconds(step);
            }
        }

        return null;
    }
}

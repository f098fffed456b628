namespace Integrations.Web.Shared;

/// <summary>One line of a chart.</summary>
/// <param name="Values">One for each point in time; null where there is nothing to tell.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Format">A value in words, with its unit.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values, Tone Tone, Func<double, string> Format);

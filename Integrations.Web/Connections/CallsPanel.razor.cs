using System.Globalization;
using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class CallsPanel
{
    private const int Hours = 24;

    private static readonly HubSignalKind[] _kinds = [HubSignalKind.ProviderCallsChanged];

    private Loaded<ProviderCalls>? _loaded;
    private IReadOnlyList<DateTimeOffset> _times = [];
    private IReadOnlyList<ChartSeries> _series = [];

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectionQueries Connections { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required Guid ConnectionId { get; set; }

    private static long Errors(ProviderCalls calls) => calls.Hours.Sum(hour => hour.Errors);

    private static string? Share(ProviderCalls calls) => calls.Hours.Sum(hour => hour.Calls) is > 0 and var all ? $"{((double)Errors(calls) / all).ToString("P1", CultureInfo.CurrentCulture)} of all" : null;

    private static string Average(ProviderCalls calls) => calls.Hours.Sum(hour => hour.Calls) is > 0 and var all
        ? $"{ConnectionWords.Number(calls.Hours.Sum(hour => hour.AverageMilliseconds * hour.Calls) / all)} ms"
        : "—";

    private async Task<ProviderCalls> LoadAsync(CancellationToken cancellationToken)
    {
        var calls = await Connections.CallsAsync(await Member.GetActorAsync(cancellationToken), ConnectionId, cancellationToken);
        var now = Time.GetUtcNow();
        var thisHour = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        _times = [.. Enumerable.Range(0, Hours).Select(i => thisHour.AddHours(i - Hours + 1))];
        var byHour = calls.Hours.ToDictionary(hour => hour.Since);
        _series =
        [
            Series("Calls", Tone.Info, hour => hour.Calls),
            Series("Errors", Tone.Danger, hour => hour.Errors),
            Series("Throttled", Tone.Warning, hour => hour.Throttled),
        ];
        return calls;

        ChartSeries Series(string name, Tone tone, Func<ProviderCallRow, double> value) =>
            new(name, [.. _times.Select(time => byHour.TryGetValue(time, out var hour) ? value(hour) : (double?)0)], tone, ConnectionWords.Number);
    }
}

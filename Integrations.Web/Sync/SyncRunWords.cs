using System.Globalization;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Shared;

namespace Integrations.Web.Sync;

/// <summary>Syncs in words, the same on every page.</summary>
public static class SyncRunWords
{
    public static IReadOnlyList<FilterOption> Statuses { get; } = [.. Enum.GetValues<SyncStatus>().Select(status => new FilterOption(Status(status).ToLowerInvariant(), Status(status)))];

    /// <summary>The word of a status, the same on every page.</summary>
    public static string Status(SyncStatus status) => status == SyncStatus.Completed ? "Success" : status.ToString();

    public static string Status(SyncPartStatus status) => status switch
    {
        SyncPartStatus.Completed => "Success",
        SyncPartStatus.Waiting => "Queued",
        _ => status.ToString(),
    };

    public static SyncStatus? ParseStatus(string? word)
    {
        foreach (var status in Enum.GetValues<SyncStatus>())
        {
            if (string.Equals(Status(status), word, StringComparison.OrdinalIgnoreCase))
            {
                return status;
            }
        }

        return null;
    }

    public static bool IsUnended(SyncStatus status) => status is SyncStatus.Queued or SyncStatus.Running;

    /// <summary>Whether there is anything of the provider that the hub syncs.</summary>
    public static bool Syncs(Connector connector) => connector.DataTypes.Any(IsSynced);

    public static bool IsSynced(ConnectorDataType type) => type.Mapping.Count > 0 || type.IsFile;

    public static string Href(Guid run) => $"/sync/{PublicId.Format(PublicId.SyncRun, run)}";

    /// <summary>"Customers", as the provider calls it.</summary>
    public static string DataType(Connector? connector, string name) => connector?.DataTypes.FirstOrDefault(type => type.Name == name)?.Words ?? name;

    /// <summary>"From Stripe" or "To Stripe".</summary>
    public static string Direction(SyncDirections direction, string provider) => direction == SyncDirections.Out ? $"To {provider}" : $"From {provider}";

    /// <summary>"3.2 s", "4 min 10 s", "2 h 5 min".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => $"{span.TotalSeconds.ToString("0.0", CultureInfo.CurrentCulture)} s",
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };

    /// <summary>How long a run took, or has taken until now; null while nobody has taken it up.</summary>
    public static string? Duration(SyncRun run, DateTimeOffset now) => run.StartedAt is { } started
        ? Duration((run.CompletedAt ?? now) is var end && end > started ? end - started : TimeSpan.Zero)
        : null;

    /// <summary>"1,200 rows, 48 a second".</summary>
    public static string Progress(SyncRunRow row, DateTimeOffset now)
    {
        var rows = $"{Number(row.Processed)} {(row.Processed == 1 ? "row" : "rows")}";
        var seconds = row.Run.StartedAt is { } started ? (now - started).TotalSeconds : 0;
        return row.Processed > 0 && seconds >= 1
            ? $"{rows}, {(row.Processed / seconds).ToString(row.Processed / seconds < 10 ? "0.#" : "N0", CultureInfo.CurrentCulture)} a second"
            : rows;
    }

    /// <summary>What follows from a direction of a connection, in a sentence.</summary>
    public static IReadOnlyList<(string Value, string Label, string Text)> Directions(string provider) =>
    [
        ("both", "Both ways", $"Changes of {provider} come in, and changes made here go out, as far as a data type allows it."),
        ("in", $"Only from {provider}", $"Nothing is ever written at {provider}."),
        ("out", $"Only to {provider}", $"What changes at {provider} is not looked at."),
    ];

    /// <summary>Whose change is kept when both sides changed a record, in a sentence each.</summary>
    public static IReadOnlyList<(string Value, string Label, string Text)> Policies(string provider) =>
    [
        ("newest", "The newest wins", "The change that was made last is kept; the run lists the other one under Conflicts."),
        ("provider", $"{provider} wins", $"What {provider} says is kept, even where the change here is newer."),
        ("platform", "The hub wins", $"What stands here is kept and written to {provider}."),
    ];

    /// <summary>"Every day, Asia/Kuala_Lumpur" for a word of the setting, the expression itself for others; with the time zone where it matters.</summary>
    public static string Frequency(IReadOnlyDictionary<string, string> settings)
    {
        var setting = settings.GetValueOrDefault(ConnectionSettings.SyncFrequency);
        var words = setting is { Length: > 0 } ? SyncFrequency.Words.GetValueOrDefault(setting, setting) : SyncFrequency.Words["off"];
        return CountsByZone(setting) ? $"{words}, {settings.GetValueOrDefault(ConnectionSettings.TimeZone, ScheduleZone.Utc)}" : words;
    }

    /// <summary>Whether it makes a difference by whose clock a frequency runs.</summary>
    public static bool CountsByZone(string? frequency) => frequency is not (null or "" or "off" or "15min" or "hourly");

    /// <summary>When a connection syncs next by itself; null for never.</summary>
    public static DateTimeOffset? Next(ConnectionDetail connection, DateTimeOffset now) =>
        SyncFrequency.Next(connection.Settings, connection.Id, now, 1) is [var next] ? next : null;

    /// <summary>What a program is told of a field begins with the field's name, in small letters.</summary>
    public static string Sentence(string message) => message.Length == 0 ? message : string.Concat(char.ToUpperInvariant(message[0]).ToString(), message.AsSpan(1));

    /// <summary>What became of a run's failed records when none that was kept waits any more.</summary>
    public static string DealtWith(long failed) => failed > SyncIssue.MaxKept
        ? $"Later runs dealt with the first {Number(SyncIssue.MaxKept)}, which were kept; a full sync takes up the others."
        : "Later runs dealt with all of them.";

    public static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>"1 record", "1,200 records".</summary>
    public static string Records(long count) => $"{Number(count)} {(count == 1 ? "record" : "records")}";
}

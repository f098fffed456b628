using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.HubSpot;

/// <param name="Values">For e-mail addresses and ids; times are in <paramref name="From"/> and <paramref name="To"/>, both of which count.</param>
internal sealed record HubSpotFilter(string Name, IReadOnlyList<string> Values, DateTimeOffset From, DateTimeOffset To, string Operator)
{
    /// <summary>Null when it is not understood.</summary>
    public static HubSpotFilter? Parse(JsonElement filter)
    {
        var (name, how, value) = (filter.Text("propertyName"), filter.Text("operator"), Value(filter, "value"));
        IReadOnlyList<string> values = filter.TryGetProperty("values", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.ToString())] : value is null ? [] : [value];
        if (name is "email" or "hs_object_id")
        {
            return values.Count > 0 && how is "EQ" or "IN" || (name == "hs_object_id" && how is "GT" or "GTE") ? new HubSpotFilter(name, values, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, how) : null;
        }

        if (name is not (HubSpotContact.Modified or "createdate") || value is null || HubSpotContact.Time(value) is not { } at)
        {
            return null;
        }

        var (from, to) = how switch
        {
            "GT" => (at.AddMilliseconds(1), DateTimeOffset.MaxValue),
            "GTE" => (at, DateTimeOffset.MaxValue),
            "LT" => (DateTimeOffset.UnixEpoch, at.AddTicks(-1)),
            "LTE" => (DateTimeOffset.UnixEpoch, at.AddMilliseconds(1).AddTicks(-1)),
            "EQ" => (at, at.AddMilliseconds(1).AddTicks(-1)),
            "BETWEEN" when Value(filter, "highValue") is { } high && HubSpotContact.Time(high) is { } end => (at, end.AddMilliseconds(1).AddTicks(-1)),
            _ => (DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch),
        };
        return from > to && how is not "BETWEEN" ? null : new HubSpotFilter(name, [], from, to, how!);
    }

    /// <summary>Nothing that was changed before this can match.</summary>
    public static DateTimeOffset Since(List<HubSpotFilter> group) =>
        group.Where(filter => filter.Name == HubSpotContact.Modified).Select(filter => filter.From).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();

    public bool Matches(Row row) => Name switch
    {
        "email" => Values.Contains(row.Key, StringComparer.OrdinalIgnoreCase),
        "hs_object_id" when Operator is "GT" or "GTE" => row.Table.Find(Values[0]) is { } other ? row.Index > other.Index || (Operator == "GTE" && row.Index == other.Index) : string.CompareOrdinal(row.Id, Values[0]) > 0,
        "hs_object_id" => Values.Contains(row.Id, StringComparer.Ordinal),
        "createdate" => row.Created >= From && row.Created <= To,
        _ => row.Updated >= From && row.Updated <= To,
    };

    // Numbers are taken as well as texts.
    private static string? Value(JsonElement filter, string name) =>
        filter.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
}

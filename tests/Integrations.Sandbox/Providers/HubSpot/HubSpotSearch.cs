using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.HubSpot;

/// <summary>POST …/search: at most 200 rows a page, and none beyond the first 10,000.</summary>
internal sealed class HubSpotSearch(HubSpotData data)
{
    private const int Reach = 10_000;

    public async Task<IResult> RunAsync(HttpContext context, DataTable table)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return data.Refused(context, "a search is a JSON object");
        }

        var limit = body.TryGetProperty("limit", out var asked) && asked.TryGetInt32(out var number) ? number : 10;
        if (limit is < 0 or > 200)
        {
            return data.Refused(context, "limit must be at most 200");
        }

        var offset = 0;
        if (body.TryGetProperty("after", out var after) && !HubSpotData.TryNumber(after.ToString(), 0, out offset))
        {
            return data.Refused(context, "after must be a number");
        }

        if (offset + limit > Reach)
        {
            return data.Refused(context, $"The total number of results is limited to {Reach}: narrow the filters");
        }

        var groups = List(body, "filterGroups").Select(group => List(group, "filters").Select(HubSpotFilter.Parse).ToList()).ToList();
        if (groups.Exists(group => group.Contains(null)) || groups.Count > 5 || groups.Exists(group => group.Count > 6) || body.TryGetProperty("query", out _))
        {
            return data.Refused(context, "the filters are not understood");
        }

        if (Sort(body) is not var (name, isDescending))
        {
            return data.Refused(context, "the sort is not understood");
        }

        var rows = Rows(table, [.. groups.Select(group => group.OfType<HubSpotFilter>().ToList())], name, isDescending);
        var names = List(body, "properties").Select(property => property.GetString() ?? "").Union(HubSpotContact.ByDefault, StringComparer.Ordinal).ToList();
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("total", rows.Count);
            writer.WriteStartArray("results");
            foreach (var row in rows.Page(offset, limit))
            {
                HubSpotContact.Write(writer, row, names);
            }

            writer.WriteEndArray();
            if (offset + limit < rows.Count)
            {
                HubSpotData.Next(writer, (offset + limit).ToString(CultureInfo.InvariantCulture));
            }

            writer.WriteEndObject();
        });
    }

    private static (string Name, bool IsDescending)? Sort(JsonElement body) => List(body, "sorts") switch
    {
        [] => (HubSpotContact.Modified, false),
        [{ ValueKind: JsonValueKind.Object } sort] when sort.Text("propertyName") is HubSpotContact.Modified or "hs_object_id" or "createdate" && sort.Text("direction") is null or "ASCENDING" or "DESCENDING" =>
            (sort.Text("propertyName") ?? "", sort.Text("direction") == "DESCENDING"),
        _ => null,
    };

    /// <summary>The one search that syncs make, by the time of change, is answered without looking at the rows that are not asked for.</summary>
    private static FoundRows Rows(DataTable table, List<List<HubSpotFilter>> groups, string sort, bool isDescending)
    {
        var since = groups.Count == 0 ? DateTimeOffset.UnixEpoch : groups.Min(HubSpotFilter.Since);
        var view = table.Snapshot.Updated(since);
        if (groups.Count <= 1 && (groups.Count == 0 || groups[0].TrueForAll(filter => filter.Name == HubSpotContact.Modified)) && sort == HubSpotContact.Modified && !isDescending)
        {
            var (from, to) = (0, view.Count);
            foreach (var filter in groups.SelectMany(group => group))
            {
                (from, to) = (Math.Max(from, view.FirstAfter(filter.From.AddTicks(-1))), Math.Min(to, view.FirstAfter(filter.To)));
            }

            return FoundRows.Of(view, from, to);
        }

        var candidates = groups is [var only] && only.Find(filter => filter.Name == "email") is { } email
            ? email.Values.SelectMany(table.FindByKey)
            : view.Page(0, int.MaxValue);
        var found = candidates.Where(row => groups.Count == 0 || groups.Exists(group => group.TrueForAll(filter => filter.Matches(row)))).ToList();
        found.Sort((a, b) => sort == HubSpotContact.Modified ? (a.Updated, a.Index).CompareTo((b.Updated, b.Index)) : a.Index.CompareTo(b.Index));
        if (isDescending)
        {
            found.Reverse();
        }

        return FoundRows.Of(found);
    }

    private static List<JsonElement> List(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}

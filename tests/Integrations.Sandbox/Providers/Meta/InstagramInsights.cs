using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>What happened in an Instagram account day by day, its media, and what became of each of them.</summary>
internal sealed class InstagramInsights(InstagramProvider provider, TimeProvider time)
{
    private static readonly string[] _totals =
        ["views", "accounts_engaged", "total_interactions", "likes", "comments", "saves", "shares", "replies", "follows_and_unfollows", "profile_links_taps", "website_clicks"];

    private static readonly string[] _series = ["reach", "follower_count"];
    private static readonly string[] _ofMedia = ["views", "reach", "likes", "comments", "saved", "shares", "total_interactions", "follows", "profile_visits"];
    private static readonly string[] _fields = ["id", "caption", "media_type", "permalink", "timestamp", "like_count", "comments_count"];

    public static RowType Media { get; } = new("media", 57, RowIds.Numbers(17_900_000_000_000_000), WriteMedia);

    public IResult Insights(HttpContext context, AccessToken token)
    {
        var node = context.Request.RouteValues["node"]!.ToString()!;
        if (!provider.IsUser(token.Grant.Account, node))
        {
            return provider.Control.Data.Of(token.Grant.Account.Number)["media"].Find(node) is { IsDeleted: false } ? OfMedia(context, node) : provider.NotFound(context);
        }

        node = InstagramProvider.ProfessionalId(token.Grant.Account);
        var query = context.Request.Query;
        var metrics = query["metric"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (metrics.Length == 0 || metrics.Except([.. _totals, .. _series], StringComparer.Ordinal).Any())
        {
            return provider.Wrong(context, $"metric[0] must be one of the following values: {string.Join(", ", _series.Concat(_totals))}");
        }

        if (query["period"] != "day")
        {
            return provider.Wrong(context, "period is day");
        }

        var isTotal = query["metric_type"] == "total_value";
        if (!isTotal && metrics.Intersect(_totals, StringComparer.Ordinal).Any())
        {
            return provider.Wrong(context, $"The following metrics ({string.Join(", ", metrics.Intersect(_totals, StringComparer.Ordinal))}) should be specified with parameter metric_type=total_value");
        }

        if (MetaPaging.Days(query["since"].ToString(), query["until"].ToString(), time.GetUtcNow(), 30) is not { } days)
        {
            return provider.Wrong(context, "There cannot be more than 30 days (2592000 s) between since and until");
        }

        return Answer.Json(new { data = metrics.Select(metric => Metric(node, metric, days, isTotal)) });
    }

    public IResult List(HttpContext context, AccessToken token)
    {
        if (!provider.IsUser(token.Grant.Account, context.Request.RouteValues["node"]!.ToString()!))
        {
            return provider.NotFound(context);
        }

        var fields = context.Request.Query["fields"].ToString() is { Length: > 0 } names ? names.Split(',', StringSplitOptions.TrimEntries) : ["id"];
        if (fields.Except(_fields, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            return provider.Wrong(context, $"(#100) Tried accessing nonexisting field ({unknown})");
        }

        if (MetaPaging.Read(context.Request.Query) is not var (limit, after))
        {
            return provider.Wrong(context, "(#100) Invalid cursor");
        }

        var table = provider.Control.Data.Of(token.Grant.Account.Number)["media"];
        var rows = table.Snapshot.Descending((after ?? int.MaxValue) - 1).Take(limit + 1).ToList();
        var page = rows.Take(limit).ToList();
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            foreach (var media in page.Select(row => row.ToObject()))
            {
                _fields.Where(name => name != "id" && !fields.Contains(name, StringComparer.Ordinal)).ToList().ForEach(name => media.Remove(name));
                media.WriteTo(writer, DataAnswer.AsWritten);
            }

            writer.WriteEndArray();
            if (page.Count > 0)
            {
                MetaPaging.Write(writer, page[0].Index, page[^1].Index, rows.Count > limit ? $"{provider.BaseUrl}/me/media?fields={string.Join(',', fields)}&limit={limit}" : null);
            }

            writer.WriteEndObject();
        });
    }

    private IResult OfMedia(HttpContext context, string id)
    {
        var metrics = context.Request.Query["metric"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return metrics.Length == 0 || metrics.Except(_ofMedia, StringComparer.Ordinal).Any()
            ? provider.Wrong(context, $"metric[0] must be one of the following values: {string.Join(", ", _ofMedia)}")
            : Answer.Json(new
            {
                data = metrics.Select(metric => new { name = metric, period = "lifetime", values = new[] { new { value = MetaPaging.Measure(id, metric, DateTimeOffset.UnixEpoch, 900) } }, title = metric, id = $"{id}/insights/{metric}/lifetime" }),
            });
    }

    private static object Metric(string node, string metric, List<DateTimeOffset> days, bool isTotal)
    {
        var id = $"{node}/insights/{metric}/day";
        return isTotal
            ? new { name = metric, period = "day", title = metric, description = "", total_value = new { value = days.Sum(day => MetaPaging.Measure(node, metric, day, 900)) }, id }
            : new { name = metric, period = "day", title = metric, description = "", values = days.Select(day => new { value = MetaPaging.Measure(node, metric, day, 900), end_time = FacebookTypes.Time(day.AddDays(1)) }), id };
    }

    private static void WriteMedia(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("caption", row.Description());
        writer.WriteString("media_type", row.Hash(120) % 3 == 0 ? "VIDEO" : "IMAGE");
        writer.WriteString("permalink", string.Create(CultureInfo.InvariantCulture, $"https://www.instagram.com/p/{row.Hash(121):x8}/"));
        writer.WriteString("timestamp", FacebookTypes.Time(row.Created));
        writer.WriteNumber("like_count", row.Hash(122, revised: true) % 1000);
        writer.WriteNumber("comments_count", row.Hash(123, revised: true) % 100);
        writer.WriteEndObject();
    }
}

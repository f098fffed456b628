using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>How an account and its posts do, as the hub syncs it: one row a day, and one for each of the newest posts.</summary>
internal static class InstagramData
{
    private const int Days = 30;
    private const int Posts = 100;
    private const int PostLot = 25;
    private const int AtOnce = 4;
    private const string PostCursor = "post:";
    private const int LongestName = 100;

    private static readonly string[] _ofAccount = ["reach", "views", "accounts_engaged", "total_interactions", "likes", "comments", "saves", "shares"];
    private static readonly string[] _ofPost = ["views", "reach", "likes", "comments", "saved", "shares", "total_interactions"];

    // What a day came to is told up to two days late.
    private static readonly TimeSpan _lateness = TimeSpan.FromDays(2);

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("insights", "Insights", SyncDirections.In)
        {
            Mapping =
            [
                new("name", "name"),
                new("date", "date", FieldTransform.Date),
                new("timestamp", "date", FieldTransform.Date),
                new("media_type", "type"),
                new("caption", "caption"),
                new("permalink", "url"),
                new("insights.views", "views"),
                new("insights.reach", "reach"),
                new("insights.accounts_engaged", "accountsEngaged"),
                new("insights.total_interactions", "interactions"),
                new("like_count", "likes"),
                new("insights.likes", "likes"),
                new("comments_count", "comments"),
                new("insights.comments", "comments"),
                new("insights.saves", "saves"),
                new("insights.saved", "saves"),
                new("insights.shares", "shares"),
            ],
            ForgetsOld = true,
        },
    ];

    // A cursor is a day, or where the next posts begin and how many were read.
    public static async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        if (request.Cursor?.StartsWith(PostCursor, StringComparison.Ordinal) == true)
        {
            return await ReadPostsAsync(session, request, cancellationToken);
        }

        var today = new DateTimeOffset(session.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var first = request.Since - _lateness is { } since && since > today.AddDays(-Days) ? new DateTimeOffset(since.UtcDateTime.Date, TimeSpan.Zero) : today.AddDays(-Days);
        var day = request.Cursor is { } cursor ? DateTimeOffset.ParseExact(cursor, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : first;
        if (day >= today)
        {
            return new RemotePage([], $"{PostCursor}0:");
        }

        // Note: these are told as one number for the whole span, so that each day is asked for by itself.
        var (from, to) = (day.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), day.AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var answer = (await session.GetAsync($"/me/insights?metric={string.Join(',', _ofAccount)}&period=day&metric_type=total_value&since={from}&until={to}", cancellationToken)).Json;
        var date = ValueForms.DayText(day);
        JsonObject row = new() { ["name"] = $"Account on {date}", ["date"] = date, ["media_type"] = "ACCOUNT", ["insights"] = NumbersOf(answer) };
        return new RemotePage([new RemoteRow($"account:{date}", JsonSerializer.SerializeToElement(row))], ValueForms.DayText(day.AddDays(1)));
    }

    private static async Task<RemotePage> ReadPostsAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var place = request.Cursor![PostCursor.Length..].Split(':', 2);
        var after = place[1].Length > 0 ? $"&after={Uri.EscapeDataString(place[1])}" : "";
        var page = (await session.GetAsync($"/me/media?fields=id,caption,media_type,permalink,timestamp,like_count,comments_count&limit={PostLot}{after}", cancellationToken)).Json;
        var posts = page.ItemsAt("data").ToList();
        ConcurrentDictionary<string, JsonElement> whole = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(posts, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (post, token) =>
        {
            var id = post.TextAt("id") ?? "";
            whole[id] = await WithInsightsAsync(session, id, post, token);
        });
        var read = int.Parse(place[0], CultureInfo.InvariantCulture) + posts.Count;
        // Note: the last page has a cursor too, but no next.
        var next = read < Posts && page.TextAt("paging", "next") is not null ? page.TextAt("paging", "cursors", "after") : null;
        return new RemotePage([.. posts.Select(post => post.TextAt("id") ?? "").Select(id => new RemoteRow(id, whole[id]))], next is null ? null : $"{PostCursor}{read}:{next}");
    }

    private static async Task<JsonElement> WithInsightsAsync(ProviderSession session, string id, JsonElement post, CancellationToken cancellationToken)
    {
        var row = JsonObject.Create(post)!;
        var caption = post.TextAt("caption")?.Split('\n')[0] ?? "";
        row["name"] = caption.Length == 0 ? $"Post {id}" : caption.Length <= LongestName ? caption : caption[..(char.IsHighSurrogate(caption[LongestName - 1]) ? LongestName - 1 : LongestName)];
        try
        {
            row["insights"] = NumbersOf((await session.GetAsync($"/{Uri.EscapeDataString(id)}/insights?metric={string.Join(',', _ofPost)}", cancellationToken)).Json);
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Refused)
        {
            // Note: not every kind of post has all of them, and some have none; the post itself is told all the same.
        }

        return JsonSerializer.SerializeToElement(row);
    }

    private static JsonObject NumbersOf(JsonElement answer)
    {
        JsonObject numbers = [];
        foreach (var metric in answer.ItemsAt("data"))
        {
            var value = metric.At("total_value", "value") ?? metric.ItemsAt("values").Select(item => item.At("value")).FirstOrDefault();
            if (metric.TextAt("name") is { } name && value is { ValueKind: JsonValueKind.Number } number)
            {
                numbers[name] = number.GetDecimal();
            }
        }

        return numbers;
    }
}

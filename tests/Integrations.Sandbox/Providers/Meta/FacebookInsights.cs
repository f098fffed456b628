using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>What happened on a page day by day, and in the campaigns of an ad account.</summary>
internal sealed class FacebookInsights(FacebookProvider provider, TimeProvider time)
{
    private static readonly string[] _metrics =
        ["page_views_total", "page_post_engagements", "page_impressions_unique", "page_impressions", "page_daily_follows", "page_follows", "page_fans", "page_media_view", "page_total_actions"];

    private static readonly string[] _fields =
    [
        "campaign_id", "campaign_name", "account_id", "account_name", "impressions", "clicks", "spend", "reach", "ctr", "cpc", "cpm", "frequency", "objective", "date_start", "date_stop", "actions",
    ];

    public static string AdAccount(SandboxAccount account) => account.Digits("ad account", 15);

    public IResult AdAccounts(HttpContext context, AccessToken token) => Answer.Json(new
    {
        data = new[] { new { id = "act_" + AdAccount(token.Grant.Account), account_id = AdAccount(token.Grant.Account), name = token.Grant.Account.Company, currency = "USD", account_status = 1 } },
    });

    public IResult Page(HttpContext context, AccessToken token)
    {
        var query = context.Request.Query;
        var node = context.Request.RouteValues["node"]!.ToString()!;
        if (node.StartsWith("act_", StringComparison.Ordinal))
        {
            return Ads(context, token, node[4..]);
        }

        if (provider.PageIndex(token.Grant.Account, node) < 0)
        {
            return provider.NotFound(context);
        }

        if (token.Kind != "page")
        {
            return provider.Wrong(context, "the insights of a page are read with the page's token", "(#190) This method must be called with a Page Access Token", 190);
        }

        var metrics = query["metric"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (metrics.Length == 0 || metrics.Except(_metrics, StringComparer.Ordinal).Any() || query["period"].ToString() is not ("" or "day"))
        {
            return provider.Wrong(context, $"metric is some of {string.Join(", ", _metrics)}, period is day", "(#100) The value must be a valid insights metric", 100);
        }

        if (MetaPaging.Days(query["since"].ToString(), query["until"].ToString(), time.GetUtcNow(), 93) is not { } days)
        {
            return provider.Wrong(context, "since and until are times, at most 93 days apart", "(#100) There cannot be more than 93 days (8035200 s) between since and until", 100);
        }

        return Answer.Json(new
        {
            data = metrics.Select(metric => new
            {
                name = metric,
                period = "day",
                values = days.Select(day => new { value = MetaPaging.Measure(node, metric, day, 500), end_time = FacebookTypes.Time(day.AddDays(1)) }),
                title = metric,
                id = $"{node}/insights/{metric}/day",
            }),
        });
    }

    private IResult Ads(HttpContext context, AccessToken token, string account)
    {
        var query = context.Request.Query;
        if (account != AdAccount(token.Grant.Account))
        {
            return provider.NotFound(context);
        }

        if (!token.Grant.IsKey && !token.Grant.Scopes.Contains("ads_management", StringComparer.Ordinal))
        {
            return provider.Wrong(context, "the insights of ads need the scope ads_management", "(#200) Ad account owner has NOT grant ads_management or ads_read permission", 200);
        }

        var fields = query["fields"].ToString() is { Length: > 0 } names ? names.Split(',', StringSplitOptions.TrimEntries) : ["impressions", "spend", "date_start", "date_stop"];
        if (fields.Except(_fields, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            return provider.Wrong(context, $"{unknown} is no field of insights", $"(#100) {unknown} is not valid for fields param.", 100);
        }

        if (query["level"].ToString() is not ("" or "account" or "campaign") || query["time_increment"].ToString() is not ("" or "1"))
        {
            return provider.Wrong(context, "the sandbox has level=campaign or account, and time_increment=1", "(#100) Invalid parameter", 100);
        }

        var (since, until) = Range(query["time_range"].ToString());
        if (MetaPaging.Read(query) is not { } asked || MetaPaging.Days(since, until, time.GetUtcNow(), 1100) is not { } days)
        {
            return provider.Wrong(context, "time_range is {\"since\":\"yyyy-MM-dd\",\"until\":\"yyyy-MM-dd\"}, after a cursor", "(#100) Invalid parameter", 100);
        }

        var campaigns = provider.Control.Data.Of(token.Grant.Account.Number)["campaigns"].Snapshot.Ascending(0).Take(query["level"] == "campaign" ? int.MaxValue : 1).ToList();
        var isDaily = query["time_increment"] == "1";
        var items = campaigns.SelectMany(campaign => isDaily
            ? days.Select(day => Row(token.Grant.Account, campaign, [day], fields))
            : days.Count == 0 ? [] : [Row(token.Grant.Account, campaign, days, fields)]).ToList();
        return MetaPaging.Page(context, $"{provider.BaseUrl}/v22.0/act_{account}/insights", items, asked);
    }

    // Numbers are texts here.
    private static object Row(SandboxAccount account, Row campaign, List<DateTimeOffset> days, string[] fields)
    {
        var impressions = days.Sum(day => MetaPaging.Measure(campaign.Id, "impressions", day, 20_000));
        var clicks = days.Sum(day => MetaPaging.Measure(campaign.Id, "clicks", day, 400));
        var spend = days.Sum(day => MetaPaging.Measure(campaign.Id, "spend", day, 20_000)) / 100m;
        return fields.Union(["date_start", "date_stop"], StringComparer.Ordinal).ToDictionary(field => field, object (field) => field switch
        {
            "campaign_id" => campaign.Id,
            "campaign_name" => FacebookTypes.CampaignName(campaign),
            "account_id" => AdAccount(account),
            "account_name" => account.Company,
            "impressions" => Text(impressions),
            "reach" => Text(impressions * 3 / 4),
            "clicks" => Text(clicks),
            "spend" => Text(spend),
            "ctr" => Text(impressions == 0 ? 0 : decimal.Round(100m * clicks / impressions, 6)),
            "cpc" => Text(clicks == 0 ? 0 : decimal.Round(spend / clicks, 6)),
            "cpm" => Text(impressions == 0 ? 0 : decimal.Round(1000m * spend / impressions, 6)),
            "frequency" => "1.333333",
            "objective" => "OUTCOME_LEADS",
            "actions" => new[] { new { action_type = "lead", value = Text(clicks / 10) } },
            "date_start" => days[0].Day(),
            _ => days[^1].Day(),
        }, StringComparer.Ordinal);
    }

    /// <summary>Both days of a range count, so the end is the day after.</summary>
    private static (string Since, string Until) Range(string json)
    {
        try
        {
            return json.Length > 0 && JsonNode.Parse(json) is JsonObject range && MetaPaging.Time(range["until"]?.ToString() ?? "") is { } until
                ? (range["since"]?.ToString() ?? "", until.AddDays(1).Day())
                : (json.Length > 0 ? "?" : "", "");
        }
        catch (JsonException)
        {
            return ("?", "");
        }
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}

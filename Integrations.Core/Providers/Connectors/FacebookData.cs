using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>A page's leads and insights as the hub syncs them.</summary>
internal static class FacebookData
{
    private const int Lot = 100;
    private const int Days = 90;
    private const char Separator = '|';
    private const string TokenNote = "token of page ";

    private static readonly string[] _metrics = ["page_media_view", "page_views_total", "page_post_engagements", "page_daily_follows", "page_follows"];

    // What a day came to is told up to two days late.
    private static readonly TimeSpan _lateness = TimeSpan.FromDays(2);

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Leads", SyncDirections.In)
        {
            Mapping =
            [
                Answer("full_name", "name"),
                Answer("first_name", "firstName"),
                Answer("last_name", "lastName"),
                Answer("email", "email") with { Transform = FieldTransform.Trim },
                Answer("phone_number", "phone"),
                Answer("company_name", "company"),
                Answer("job_title", "jobTitle"),
                Answer("city", "address.city"),
                FieldMapping.Always("contactType", "lead"),
                FieldMapping.Always("trafficChannel", "Facebook Ads"),
            ],
            ForgetsOld = true,
        },
        new("insights", "Insights", SyncDirections.In)
        {
            Mapping =
            [
                new("name", "name"),
                new("date", "date", FieldTransform.Date),
                new("page", "page"),
                new("page_media_view", "views"),
                new("page_views_total", "pageViews"),
                new("page_post_engagements", "engagements"),
                new("page_daily_follows", "newFollowers"),
                new("page_follows", "followers"),
            ],
            ForgetsOld = true,
        },
    ];

    // A cursor has the place in the form's leads, the forms that are still to be read, and where the next page of forms begins.
    public static async Task<RemotePage> ReadLeadsAsync(ProviderSession session, string page, ReadRequest request, CancellationToken cancellationToken)
    {
        if (request.Cursor?.Split(Separator) is not [var at, var rest, var next])
        {
            return await BeginAsync(session, page, null, cancellationToken);
        }

        var forms = rest.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (forms.Length == 0)
        {
            return next.Length > 0 ? await BeginAsync(session, page, next, cancellationToken) : new RemotePage([], null);
        }

        // Note: only greater than is known, so the second before is asked for.
        var filter = request.Since is { } since
            ? $"&filtering={Uri.EscapeDataString(JsonSerializer.Serialize(new[] { new { field = "time_created", @operator = "GREATER_THAN", value = since.ToUnixTimeSeconds() - 1 } }))}"
            : "";
        var leads = await GetAsync(session, page, $"/{Uri.EscapeDataString(forms[0])}/leads?fields=id,created_time,form_id,ad_id,field_data&limit={Lot}{filter}{AfterOf(at)}", cancellationToken);
        List<RemoteRow> rows = [.. leads.ItemsAt("data").Select(lead => new RemoteRow(lead.TextAt("id") ?? "", lead, lead.TextAt("created_time") is { } time ? ValueForms.ReadTime(time) : null))];
        var more = NextOf(leads);
        var left = more is null ? forms[1..] : forms;
        return new RemotePage(rows, left.Length == 0 && next.Length == 0 ? null : string.Join(Separator, more, string.Join(',', left), next));
    }

    /// <summary>One row a day.</summary>
    public static async Task<RemotePage> ReadInsightsAsync(ProviderSession session, string page, ReadRequest request, CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(session.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var first = request.Since - _lateness is { } since && since > today.AddDays(-Days) ? new DateTimeOffset(since.UtcDateTime.Date, TimeSpan.Zero) : today.AddDays(-Days);
        var answer = await GetAsync(
            session, page, $"/{Uri.EscapeDataString(page)}/insights?metric={string.Join(',', _metrics)}&period=day&since={Seconds(first)}&until={Seconds(today)}", cancellationToken);
        SortedDictionary<string, JsonObject> days = new(StringComparer.Ordinal);
        foreach (var metric in answer.ItemsAt("data"))
        {
            foreach (var value in metric.ItemsAt("values"))
            {
                if (metric.TextAt("name") is { } name && value.TextAt("end_time") is { } end && ValueForms.ReadTime(end) is { } time && value.At("value") is { ValueKind: JsonValueKind.Number } number)
                {
                    // A day is named by where it ends, which is the next one's beginning.
                    var day = ValueForms.DayText(time.AddSeconds(-1));
                    if (!days.TryGetValue(day, out var row))
                    {
                        days[day] = row = new JsonObject { ["name"] = $"Page on {day}", ["date"] = day, ["page"] = page };
                    }

                    row[name] = number.GetDecimal();
                }
            }
        }

        return new RemotePage([.. days.Select(day => new RemoteRow($"{page}:{day.Key}", JsonSerializer.SerializeToElement(day.Value)))], null);
    }

    private static async Task<RemotePage> BeginAsync(ProviderSession session, string page, string? after, CancellationToken cancellationToken)
    {
        var list = await GetAsync(session, page, $"/{Uri.EscapeDataString(page)}/leadgen_forms?fields=id&limit={Lot}{AfterOf(after)}", cancellationToken);
        var forms = list.ItemsAt("data").Select(form => form.TextAt("id")).ToList();
        var next = NextOf(list);
        return new RemotePage([], forms.Count == 0 && next is null ? null : string.Join(Separator, "", string.Join(',', forms), next));
    }

    // Note: what belongs to a page is read with the page's own token.
    private static async Task<JsonElement> GetAsync(ProviderSession session, string page, string path, CancellationToken cancellationToken)
    {
        if (!session.Notes.TryGetValue(TokenNote + page, out var token))
        {
            string? after = "";
            while (token is null && after is not null)
            {
                var pages = (await session.GetAsync($"/me/accounts?fields=id,access_token&limit={Lot}{AfterOf(after)}", cancellationToken)).Json;
                token = pages.ItemsAt("data").Where(known => known.TextAt("id") == page).Select(known => known.TextAt("access_token")).FirstOrDefault();
                after = NextOf(pages);
            }

            session.Notes[TokenNote + page] = token = token ?? throw new ProviderFault(ProviderFaultKind.Forbidden, "The chosen page is not among those that Facebook lets this connection use. Choose another in the connection's settings.");
        }

        return (await session.SendAsync(ProviderRequest.Get(path) with { Headers = [("Authorization", $"Bearer {token}")] }, cancellationToken)).Json;
    }

    private static FieldMapping Answer(string question, string target) => new($"field_data[name={question}].values[0]", target);

    private static string AfterOf(string? after) => string.IsNullOrEmpty(after) ? "" : $"&after={Uri.EscapeDataString(after)}";

    // Note: the last page has a cursor too, but no next.
    private static string? NextOf(JsonElement page) => page.TextAt("paging", "next") is null ? null : page.TextAt("paging", "cursors", "after");

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

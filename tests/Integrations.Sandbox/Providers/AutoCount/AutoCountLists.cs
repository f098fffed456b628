using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.AutoCount;

/// <summary>Lists of 100 rows a page, and single records by their code. Only invoices can be asked for by the time of change.</summary>
internal sealed class AutoCountLists(AutoCountProvider provider)
{
    private const int PageSize = 100;

    public IResult Debtors(HttpContext context, AccountData data)
    {
        var query = context.Request.Query;
        if (!TryPage(query["page"].ToString(), out var page))
        {
            return provider.Wrong(context, "page is a number from 1");
        }

        var rows = All(data["debtor"], withGone: query["activeOnly"] != "true");
        var fields = query["field"].Select(name => name ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Listed(rows, page, row => Pascal(row.ToObject(), fields));
    }

    public async Task<IResult> ProductsAsync(HttpContext context, AccountData data)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("page", out var asked) || !TryPage(asked.ToString(), out var page))
        {
            return provider.Wrong(context, "page is a number from 1");
        }

        var withGone = body.TryGetProperty("filter", out var filter) && filter.TryGetProperty("statuses", out var statuses) && statuses.TryGetProperty("inactive", out var inactive) && inactive.ValueKind == JsonValueKind.True;
        return Listed(All(data["product"], withGone), page, row => Pascal(row.ToObject(), []));
    }

    public IResult Invoices(HttpContext context, AccountData data)
    {
        var query = context.Request.Query;
        if (!TryPage(query["page"].ToString(), out var page) || !TryRange(query["startDate"].ToString(), query["endDate"].ToString(), out var from, out var to))
        {
            return provider.Wrong(context, "page is a number from 1, startDate and endDate are dates");
        }

        var table = data["invoice"];
        return Listed(from == DateTimeOffset.UnixEpoch && to == DateTimeOffset.MaxValue ? All(table, withGone: true) : FoundRows.Of([.. All(table, withGone: true).Page(0, int.MaxValue).Where(row => row.Created >= from && row.Created < to)]), page, Head);
    }

    public async Task<IResult> FilteredInvoicesAsync(HttpContext context, AccountData data)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("page", out var asked) || !TryPage(asked.ToString(), out var page))
        {
            return provider.Wrong(context, "page is a number from 1");
        }

        var table = data["invoice"];
        var filter = body.TryGetProperty("filter", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        FoundRows rows;
        if (Range(filter, "lastModifiedDate", out var from, out var to))
        {
            var view = table.Snapshot.Updated(from, withDeleted: true);
            rows = FoundRows.Of(view, 0, view.FirstAfter(to));
        }
        else if (filter.ValueKind == JsonValueKind.Object && filter.TryGetProperty("docNo", out var numbers) && numbers.TryGetProperty("multiSelect", out var list))
        {
            rows = FoundRows.Of([.. list.EnumerateArray().SelectMany(number => table.FindByKey(number.ToString()))]);
        }
        else if (filter.ValueKind == JsonValueKind.Object && filter.EnumerateObject().Any(part => part.Name is not ("date" or "createdDate" or "lastModifiedDate" or "docNo" or "debtorCode" or "salesAgent")))
        {
            return provider.Wrong(context, "filter has date, createdDate, lastModifiedDate, docNo, debtorCode and salesAgent");
        }
        else
        {
            var byDate = Range(filter, "createdDate", out from, out to) || Range(filter, "date", out from, out to);
            rows = All(table, withGone: true);
            if (byDate)
            {
                rows = FoundRows.Of([.. rows.Page(0, int.MaxValue).Where(row => row.Created >= from && row.Created <= to)]);
            }
        }

        return Listed(rows, page, Head);
    }

    public IResult One(HttpContext context, AccountData data, string type, string parameter)
    {
        var code = context.Request.Query[parameter].ToString();
        return data[type].FindByKey(code) is [var row, ..] ? new DataAnswer(row.WriteTo) : AutoCountProvider.Error(StatusCodes.Status404NotFound, $"{parameter} {code} is not found");
    }

    private static FoundRows All(DataTable table, bool withGone)
    {
        var snapshot = table.Snapshot;
        return withGone ? new FoundRows(snapshot.Total, (offset, limit) => Enumerable.Range(offset, Math.Max(0, Math.Min(limit, snapshot.Total - offset))).Select(table.RowAt)) : new FoundRows(snapshot.Live, snapshot.Page);
    }

    private static DataAnswer Listed(FoundRows rows, int page, Func<Row, JsonObject> view) => new(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("data");
        foreach (var row in rows.Page((page - 1) * PageSize, PageSize))
        {
            view(row).WriteTo(writer, DataAnswer.AsWritten);
        }

        writer.WriteEndArray();
        writer.WriteNumber("totalCount", rows.Count);
        writer.WriteEndObject();
    });

    private static JsonObject Head(Row row) => Pascal(row.ToObject()["master"]!.AsObject(), []);

    /// <param name="fields">None for all.</param>
    private static JsonObject Pascal(JsonObject row, HashSet<string> fields) =>
        new(row.Where(field => fields.Count == 0 || fields.Contains(field.Key)).Select(field => KeyValuePair.Create(char.ToUpperInvariant(field.Key[0]) + field.Key[1..], field.Value?.DeepClone())));

    private static bool Range(JsonElement filter, string name, out DateTimeOffset from, out DateTimeOffset to)
    {
        (from, to) = (DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        return filter.ValueKind == JsonValueKind.Object && filter.TryGetProperty(name, out var range) && range.ValueKind == JsonValueKind.Object && TryRange(range.Text("from") ?? "", range.Text("to") ?? "", out from, out to);
    }

    private static bool TryRange(string first, string last, out DateTimeOffset from, out DateTimeOffset to)
    {
        (from, to) = (DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        return (first.Length == 0 || DateTimeOffset.TryParse(first, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
            && (last.Length == 0 || DateTimeOffset.TryParse(last, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out to));
    }

    private static bool TryPage(string text, out int page) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out page) && page is >= 1 and <= 1_000_000;
}

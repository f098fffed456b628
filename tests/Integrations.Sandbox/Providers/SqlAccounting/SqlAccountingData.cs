using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.SqlAccounting;

/// <summary>Lists of up to 50 heads, whatever was asked for; whole records one by one. There is no filter for changes, and no upsert.</summary>
internal sealed class SqlAccountingData(ProviderControl control)
{
    private const int Most = 50;

    private static readonly Dictionary<string, string[]> _required = new(StringComparer.Ordinal)
    {
        ["customer"] = ["code", "companyname"],
        ["stockitem"] = ["code", "description"],
        ["salesinvoice"] = ["code", "docdate"],
    };

    public void Map(ProviderRoutes routes, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        foreach (var type in control.Data.Types)
        {
            routes.Get($"/{type}", with((context, data) => Task.FromResult(List(context, data[type]))));
            routes.Get($"/{type}/{{id}}", with((context, data) => Task.FromResult(Get(context, data[type]))));
            routes.Post($"/{type}", with((context, data) => CreateAsync(context, data[type])));
            routes.Put($"/{type}/{{id}}", with((context, data) => UpdateAsync(context, data[type])));
            routes.Delete($"/{type}/{{id}}", with((context, data) =>
            {
                if (Find(context, data[type]) is not { } row)
                {
                    return Task.FromResult(Missing());
                }

                data[type].Remove(row);
                return Task.FromResult(Answer.Json(new { message = "Deleted" }));
            }));
        }
    }

    private IResult List(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        if (!TryNumber(query["offset"].ToString(), 0, out var offset) || !TryNumber(query["limit"].ToString(), Most, out var limit))
        {
            return Refused(context, "offset and limit are numbers");
        }

        var filters = query.Where(pair => pair.Key is not ("offset" or "limit")).Select(pair => (Name: pair.Key, Value: pair.Value.ToString())).ToList();
        var snapshot = table.Snapshot;
        var rows = new FoundRows(snapshot.Live, snapshot.Page);
        if (filters.Count > 0)
        {
            // The field that rows are known by is looked up; any other takes a look at each.
            var key = table.Type == "salesinvoice" ? "docno" : "code";
            var candidates = filters.Find(filter => filter.Name == key) is { Name: not null } known ? table.FindByKey(known.Value) : snapshot.Ascending(0);
            if (filters.Find(filter => snapshot.Ascending(0).Take(1).Any(row => !row.ToObject().ContainsKey(filter.Name))) is { Name: not null } unknown)
            {
                return Refused(context, $"{unknown.Name} is no field of {table.Type}: lists are filtered by equality of a field");
            }

            rows = FoundRows.Of([.. candidates.Where(row => row.ToElement() is var body && filters.TrueForAll(filter => body.TryGetProperty(filter.Name, out var value) && value.ToString() == filter.Value))]);
        }

        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            foreach (var body in rows.Page(offset, Math.Min(limit, Most)).Select(row => row.ToElement()))
            {
                writer.WriteStartObject();
                foreach (var field in body.EnumerateObject().Where(field => !SqlAccountingTypes.IsDetail(field.Name)))
                {
                    field.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>A record whole; <c>*</c> asks for those that code or docno name.</summary>
    private static IResult Get(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        List<Row> rows = context.Request.RouteValues["id"]?.ToString() == "*"
            ? [.. (query["docno"].ToString() is { Length: > 0 } number ? table.FindByKey(number) : query["code"].ToString() is { Length: > 0 } code ? table.FindByKey(code) : []).Take(Most)]
            : Find(context, table) is { } row ? [row] : [];
        return rows.Count == 0 ? Missing() : new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteRows("data", rows);
            writer.WriteEndObject();
        });
    }

    private async Task<IResult> CreateAsync(HttpContext context, DataTable table)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return Refused(context, "a record is a JSON object");
        }

        var values = JsonObject.Create(body)!;
        if (Fault(context, table, values, isNew: true) is { } fault)
        {
            return fault;
        }

        if (table.Type == "salesinvoice" && values["docno"]?.ToString() is null or "" or "<<New>>")
        {
            values["docno"] = string.Create(CultureInfo.InvariantCulture, $"IV-{table.Snapshot.Total + 1:000000}");
        }

        var key = (values["docno"] ?? values["code"])!.ToString();
        if (table.FindByKey(key).Count > 0)
        {
            return Error($"violation of PRIMARY or UNIQUE KEY constraint: duplicate value \"{key}\"");
        }

        Add(table, values);
        var row = table.Add(values, null);
        return Answer.Json(table.Type == "salesinvoice" ? new { dockey = row.Index + 1, docno = key } : new { code = key }, StatusCodes.Status201Created);
    }

    private async Task<IResult> UpdateAsync(HttpContext context, DataTable table)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return Refused(context, "a record is a JSON object");
        }

        if (Find(context, table) is not { } row)
        {
            return Missing();
        }

        var values = JsonObject.Create(body)!;
        if (!int.TryParse(values["updatecount"]?.ToString(), CultureInfo.InvariantCulture, out var count))
        {
            return Refused(context, "an update sends the updatecount that was fetched, plus one");
        }

        if (count != row.Revision + 1)
        {
            return Error("Record has been changed by another user");
        }

        if (Fault(context, table, values, isNew: false) is { } fault)
        {
            return fault;
        }

        var changed = row.ToObject();
        foreach (var (name, value) in values)
        {
            changed[name] = value?.DeepClone();
        }

        Add(table, changed);
        return Answer.Json(new { message = "Updated", updatecount = table.Replace(row, changed).Revision });
    }

    private IResult? Fault(HttpContext context, DataTable table, JsonObject values, bool isNew)
    {
        if (values.Select(value => value.Key).FirstOrDefault(name => name.Any(char.IsAsciiLetterUpper)) is { } upper)
        {
            return Refused(context, $"keys are in lower case: {upper}");
        }

        if (isNew && _required[table.Type].FirstOrDefault(name => string.IsNullOrEmpty(values[name]?.ToString())) is { } missing)
        {
            return Error($"{missing} is required");
        }

        if (values["companyname"]?.ToString().Length > 100 || values["code"]?.ToString().Length > 30 || values["description"]?.ToString().Length > 200)
        {
            return Error("arithmetic exception, numeric overflow, or string truncation: string right truncation");
        }

        return table.Type == "salesinvoice" && values["code"]?.ToString() is { } code && table.Account["customer"].FindByKey(code).Count == 0
            ? Error($"violation of FOREIGN KEY constraint: customer {code} does not exist")
            : null;
    }

    private static void Add(DataTable table, JsonObject document)
    {
        if (table.Type != "salesinvoice" || document["sdsdocdetail"] is not JsonArray lines)
        {
            return;
        }

        var key = lines.Max(line => Number(line?["dtlkey"]));
        foreach (var line in lines.OfType<JsonObject>())
        {
            if (Number(line["dtlkey"]) <= 0)
            {
                line["dtlkey"] = ++key;
            }

            line["amount"] = Number(line["qty"] ?? 1) * Number(line["unitprice"]);
        }

        document["docamt"] = lines.Sum(line => Number(line?["amount"]));
    }

    private static Row? Find(HttpContext context, DataTable table) => table.Find(context.Request.RouteValues["id"]!.ToString()!) is { IsDeleted: false } row ? row : null;

    private IResult Refused(HttpContext context, string rule)
    {
        control.Violated(context, rule);
        return Error(rule);
    }

    private static IResult Missing() => Answer.Json(new { message = "Record not found" }, StatusCodes.Status404NotFound);

    private static IResult Error(string message) => Answer.Json(new { message }, StatusCodes.Status400BadRequest);

    private static decimal Number(JsonNode? value) => decimal.TryParse(value?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static bool TryNumber(string text, int byDefault, out int number)
    {
        number = byDefault;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

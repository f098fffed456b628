using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>GET of lists and of single objects. The newest come first; pages begin after or before an object.</summary>
internal sealed class StripeLists(ProviderControl control)
{
    private static readonly string[] _common = ["limit", "starting_after", "ending_before", "created", "expand"];

    private static readonly Dictionary<string, string[]> _filters = new(StringComparer.Ordinal)
    {
        ["customers"] = ["email"],
        ["products"] = ["active", "url", "shippable"],
        ["prices"] = ["active", "product", "currency", "type"],
        ["invoices"] = ["customer", "subscription", "status", "collection_method"],
        ["payment_intents"] = ["customer"],
        ["subscriptions"] = ["customer", "price", "status", "collection_method"],
        ["invoiceitems"] = ["customer", "invoice"],
    };

    private static readonly Dictionary<string, (string Field, string Type)> _expandable = new(StringComparer.Ordinal)
    {
        ["default_price"] = ("default_price", "prices"),
        ["product"] = ("product", "products"),
        ["customer"] = ("customer", "customers"),
    };

    public IResult List(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        if (query.Keys.FirstOrDefault(name => !_common.Concat(_filters[table.Type]).Contains(name.Split('[')[0], StringComparer.Ordinal)) is { } unknown)
        {
            return Refused(context, $"Received unknown parameter: {unknown}", "parameter_unknown", unknown);
        }

        if (!TryLimit(query, out var limit))
        {
            return Refused(context, "Invalid limit: must be between 1 and 100.", "parameter_invalid_integer", "limit");
        }

        var (after, before) = (query["starting_after"].ToString(), query["ending_before"].ToString());
        if (after.Length > 0 && before.Length > 0)
        {
            return Refused(context, "You cannot use both starting_after and ending_before.", null, "starting_after");
        }

        if (Bounds(query, table.Snapshot) is not var (low, high))
        {
            return Refused(context, "Invalid integer in created", "parameter_invalid_integer", "created");
        }

        Row? cursor = null;
        if ((after + before).Length > 0 && (cursor = table.Find(after + before)) is null)
        {
            return Missing(table.Type, after + before, after.Length > 0 ? "starting_after" : "ending_before");
        }

        var snapshot = table.Snapshot;
        var rows = before.Length > 0
            ? snapshot.Ascending(Math.Max(low, cursor!.Value.Index + 1)).TakeWhile(row => row.Index < high)
            : snapshot.Descending(Math.Min(high - 1, cursor is { } at ? at.Index - 1 : high - 1)).TakeWhile(row => row.Index >= low);
        var page = Filtered(rows, table, query).Take(limit + 1).ToList();
        var hasMore = page.Count > limit;
        page = [.. page.Take(limit)];
        if (before.Length > 0)
        {
            page.Reverse();
        }

        var expand = query["expand[]"].Concat(query["expand"]).Select(name => name ?? "").ToList();
        if (expand.Find(name => !name.StartsWith("data.", StringComparison.Ordinal) || !_expandable.ContainsKey(name[5..])) is { } wrong)
        {
            return Refused(context, $"This property cannot be expanded ({wrong}).", "property_not_expandable", "expand");
        }

        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteString("url", $"/v1/{table.Type}");
            writer.WriteBoolean("has_more", hasMore);
            writer.WriteStartArray("data");
            page.ForEach(row => Write(writer, row, expand));
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public IResult Get(HttpContext context, DataTable table)
    {
        var id = context.Request.RouteValues["id"]!.ToString()!;
        return table.Find(id) switch
        {
            null => Missing(table.Type, id, "id"),
            { IsDeleted: true } when table.Type is "customers" or "products" => Answer.Json(new { id, @object = StripeTypes.ObjectOf(table.Type), deleted = true }),
            { IsDeleted: true } => Missing(table.Type, id, "id"),
            { } row => new DataAnswer(writer => StripeLines.WriteTo(writer, row)),
        };
    }

    public static IResult Missing(string type, string id, string parameter) => StripeProvider.Error(
        $"No such {StripeTypes.ObjectOf(type)}: '{id}'", parameter == "id" ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, "resource_missing", parameter);

    public static bool TryLimit(IQueryCollection query, out int limit)
    {
        limit = 10;
        return query["limit"].ToString() is { Length: 0 } || (int.TryParse(query["limit"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= 100);
    }

    public IResult Refused(HttpContext context, string message, string? code, string parameter)
    {
        control.Violated(context, message);
        return StripeProvider.Error(message, StatusCodes.Status400BadRequest, code, parameter);
    }

    /// <summary>The indexes that <c>created</c> leaves: from the first up to, but without, the second. Null when it is no time.</summary>
    private static (int Low, int High)? Bounds(IQueryCollection query, TableSnapshot table)
    {
        var (low, high) = (0, table.Total);
        foreach (var name in query.Keys.Where(name => name.StartsWith("created", StringComparison.Ordinal)))
        {
            if (!long.TryParse(query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_798)
            {
                return null;
            }

            var (at, next) = (table.FirstCreatedSince(DateTimeOffset.FromUnixTimeSeconds(seconds)), table.FirstCreatedSince(DateTimeOffset.FromUnixTimeSeconds(seconds + 1)));
            (low, high) = name switch
            {
                "created[gte]" => (Math.Max(low, at), high),
                "created[gt]" => (Math.Max(low, next), high),
                "created[lt]" => (low, Math.Min(high, at)),
                "created[lte]" => (low, Math.Min(high, next)),
                _ => (Math.Max(low, at), Math.Min(high, next)),
            };
        }

        return (low, high);
    }

    private static IEnumerable<Row> Filtered(IEnumerable<Row> rows, DataTable table, IQueryCollection query)
    {
        if (query["email"].ToString() is { Length: > 0 } email)
        {
            return table.FindByKey(email).Where(row => row.Key == email).OrderByDescending(row => row.Index);
        }

        var asked = _filters[table.Type].Where(query.ContainsKey).Select(name => (Name: name, Value: query[name].ToString())).Where(filter => filter is not ("status", "all")).ToList();
        // Note: without status, canceled subscriptions are left out (unverified).
        var hidesCanceled = table.Type == "subscriptions" && !query.ContainsKey("status");
        return asked.Count == 0 && !hidesCanceled
            ? rows
            : rows.Where(row =>
            {
                var body = row.ToElement();
                return !(hidesCanceled && body.Text("status") == "canceled") && asked.TrueForAll(filter => body.TryGetProperty(filter.Name, out var value) && value.ToString().Equals(filter.Value, StringComparison.OrdinalIgnoreCase));
            });
    }

    private static void Write(Utf8JsonWriter writer, Row row, List<string> expand)
    {
        if (expand.Count == 0)
        {
            StripeLines.WriteTo(writer, row);
            return;
        }

        var body = row.ToObject();
        foreach (var (field, type) in expand.Select(name => _expandable[name[5..]]))
        {
            if (body[field]?.ToString() is { } id && row.Table.Account[type].Find(id) is { } other)
            {
                body[field] = other.ToObject();
            }
        }

        body.WriteTo(writer, DataAnswer.AsWritten);
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Xero;

/// <summary>The paths of Xero's objects: pages of up to 1,000 (unverified), or, where there are none, everything at once.</summary>
internal sealed partial class XeroData(ProviderControl control, TimeProvider time)
{
    private static readonly Dictionary<string, string> _scopes = new(StringComparer.Ordinal)
    {
        ["Contacts"] = "accounting.contacts",
        ["Invoices"] = "accounting.invoices",
        ["Payments"] = "accounting.payments",
        ["BankTransactions"] = "accounting.banktransactions",
        ["Items"] = "accounting.settings",
        ["ExpenseClaims"] = "accounting.classicexpenses",
    };

    public void Map(ProviderRoutes routes, Func<DataHandler, string[], Func<HttpContext, Task<IResult>>> with)
    {
        var writes = new XeroWrites(control);
        var repeated = new RepeatedRequests(time);
        foreach (var (type, scope) in _scopes)
        {
            var path = "/api.xro/2.0/" + type;
            string[] write = scope is "accounting.contacts" or "accounting.settings" ? [scope] : [scope, "accounting.transactions"];
            string[] read = [.. write, .. write.Select(name => name + ".read")];
            routes.Get(path, with((context, data) => Task.FromResult(List(context, data[type])), read));
            routes.Get(path + "/{id}", with((context, data) => Task.FromResult(Get(context, data[type])), read));
            if (type != "ExpenseClaims")
            {
                routes.Post(path, with((context, data) => OnceAsync(repeated, context, data, body => writes.Write(context, data[type], body, updates: true)), write));
                routes.Put(path, with((context, data) => OnceAsync(repeated, context, data, body => writes.Write(context, data[type], body, updates: false)), write));
            }
        }
    }

    private static IResult Get(HttpContext context, DataTable table)
    {
        var id = context.Request.RouteValues["id"]!.ToString()!;
        var row = table.Find(id) ?? (table.FindByKey(id) is [var named, ..] ? named : null);
        return row is { } found ? Listed(table.Type, [found], null) : Answer.Text("The resource you're looking for cannot be found", StatusCodes.Status404NotFound);
    }

    private IResult List(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        var isPaged = table.Type is not ("Items" or "ExpenseClaims");
        if (!TryNumber(query["page"].ToString(), 1, out var page) || page < 1 || !TryNumber(query["pageSize"].ToString(), 100, out var size) || size is < 1 or > 1000)
        {
            return Refused(context, "page is a number from 1, pageSize one up to 1000");
        }

        if (!isPaged && (query.ContainsKey("page") || query.ContainsKey("pageSize")))
        {
            return Refused(context, $"{table.Type} are not paged");
        }

        var since = DateTimeOffset.UnixEpoch;
        if (context.Request.Headers.IfModifiedSince.ToString() is { Length: > 0 } modified
            && !DateTimeOffset.TryParse(modified, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
        {
            return Refused(context, "If-Modified-Since is yyyy-MM-ddTHH:mm:ss");
        }

        if (query["order"].ToString() is not ("" or "UpdatedDateUTC" or "UpdatedDateUTC ASC"))
        {
            return Refused(context, "the sandbox orders by UpdatedDateUTC only");
        }

        var withGone = table.Type is "Invoices" or "Payments" or "BankTransactions" || (table.Type == "Contacts" && query["includeArchived"] == "true");
        var view = table.Snapshot.Updated(since, withGone);
        if (query["IDs"].ToString() is { Length: > 0 } ids)
        {
            return Paged(table.Type, [.. ids.Split(',').Select(table.Find).Where(row => row is { } found && (withGone || !found.IsDeleted)).Select(row => row!.Value)], page, size);
        }

        if (query["where"].ToString() is { Length: > 0 } where)
        {
            return Where(table, where, view) is { } found ? Paged(table.Type, found, page, size) : Refused(context, $"the sandbox does not understand where={where}");
        }

        return isPaged
            ? Listed(table.Type, view.Page((page - 1) * size, size), (page, size, view.Count))
            : Listed(table.Type, view.Page(0, int.MaxValue), null);
    }

    /// <summary>By a name, number, code or address, by a reference, or by the type. Null when it is not understood.</summary>
    private static List<Row>? Where(DataTable table, string where, UpdatedView view)
    {
        if (Comparison().Match(where) is not { Success: true } parts)
        {
            return null;
        }

        var value = parts.Groups["value"].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
        return parts.Groups["field"].Value switch
        {
            "Name" or "EmailAddress" or "InvoiceNumber" or "Code" => [.. table.FindByKey(value)],
            "Type" => [.. view.Page(0, int.MaxValue).Where(row => XeroTypes.TypeOf(row) == value)],
            var field => [.. view.Page(0, int.MaxValue).Where(row => row.ToElement().Text(field) == value)],
        };
    }

    private static DataAnswer Paged(string type, List<Row> rows, int page, int size) => Listed(type, rows.Skip((page - 1) * size).Take(size), (page, size, rows.Count));

    private static DataAnswer Listed(string type, IEnumerable<Row> rows, (int Page, int Size, int Count)? paging) => new(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Status", "OK");
        writer.WriteString("ProviderName", "Integrations");
        if (paging is var (page, size, count))
        {
            writer.WriteStartObject("pagination");
            writer.WriteNumber("page", page);
            writer.WriteNumber("pageSize", size);
            writer.WriteNumber("pageCount", (count + size - 1) / size);
            writer.WriteNumber("itemCount", count);
            writer.WriteEndObject();
        }

        writer.WriteRows(type, rows);
        writer.WriteEndObject();
    });

    private async Task<IResult> OnceAsync(RepeatedRequests repeated, HttpContext context, AccountData data, Func<JsonElement, IResult> answer)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return Refused(context, "the body is a JSON object");
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        return key.Length > 128
            ? Refused(context, "an Idempotency-Key has at most 128 characters")
            : await repeated.RunAsync(context, data, key, $"{context.Request.Method} {context.Request.Path}\n{body.GetRawText()}", () => answer(body), () => Validation("Idempotency-Key was used for another request"));
    }

    private IResult Refused(HttpContext context, string message)
    {
        control.Violated(context, message);
        return Validation(message);
    }

    private static IResult Validation(string message) => Answer.Json(new { ErrorNumber = 16, Type = "QueryParseException", Message = message }, StatusCodes.Status400BadRequest);

    private static bool TryNumber(string text, int byDefault, out int number)
    {
        number = byDefault;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex("^(?<field>[A-Za-z]+) ?== ?\"(?<value>(\\\\\"|[^\"])*)\"$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comparison();
}

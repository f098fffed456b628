using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Zoho;

/// <summary>The paths of contacts. Pages by number reach the first 2,000 rows; beyond them goes a token.</summary>
internal sealed class ZohoData(ProviderControl control, TimeProvider time)
{
    private const int Reach = 2000;
    private const int Most = 100;

    private static readonly string[] _read = ["ALL", "READ"];
    private static readonly string[] _write = ["ALL", "WRITE", "CREATE", "UPDATE"];

    private readonly KeptCursors _cursors = new("zoho", time, TimeSpan.FromHours(24));

    public void Map(ProviderRoutes routes, string path, Func<string[], DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        routes.Get(path, with(_read, (context, data) => Task.FromResult(List(context, data["Contacts"]))));
        routes.Get(path + "/deleted", with(_read, (context, data) => Task.FromResult(Deleted(context, data["Contacts"]))));
        routes.Get(path + "/search", with(_read, (context, data) => Task.FromResult(Search(context, data["Contacts"]))));
        routes.Post(path + "/upsert", with(_write, (context, data) => WriteAsync(context, data["Contacts"], "upsert")));
        routes.Post(path, with(_write, (context, data) => WriteAsync(context, data["Contacts"], "insert")));
        routes.Put(path, with(_write, (context, data) => WriteAsync(context, data["Contacts"], "update")));
        routes.Put(path + "/{id}", with(_write, (context, data) => WriteAsync(context, data["Contacts"], "update")));
        routes.Delete(path + "/{id}", with(["ALL", "DELETE"], (context, data) => Task.FromResult(Delete(context, data["Contacts"]))));
    }

    private IResult List(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        if (Fields(query) is not { } fields)
        {
            return Refused(context, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", new { param_name = "fields" }, "fields is required, with at most 50 names");
        }

        if (!TryPage(query, out var page, out var size))
        {
            return Refused(context, "INVALID_DATA", "invalid data", new { param_name = "per_page", maximum_length = 200 }, "per_page is 1 to 200, page a number from 1");
        }

        if (query["page_token"].ToString() is { Length: > 0 } token)
        {
            return query.ContainsKey("page")
                ? Refused(context, "AMBIGUITY_DURING_PROCESSING", "page and page_token cannot be used together", new { }, "page and page_token are not used together")
                : _cursors.Find(token) is var (rows, offset) ? Page(rows, fields, offset, size, null, token)
                : Error("INVALID_DATA", "page_token is invalid or expired", new { param_name = "page_token" });
        }

        if (page * size > Reach)
        {
            return Refused(context, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "You can get only the first 2000 records without using page_token param.", new { page_token_threshold = Reach }, "page reaches the first 2,000 rows: go on with page_token");
        }

        var since = DateTimeOffset.UnixEpoch;
        if (context.Request.Headers.IfModifiedSince.ToString() is { Length: > 0 } modified && !DateTimeOffset.TryParse(modified, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
        {
            return Refused(context, "INVALID_DATA", "invalid data", new { header_name = "If-Modified-Since" }, "If-Modified-Since is an ISO 8601 time");
        }

        if (Found(table, query, since) is not { } found)
        {
            return Refused(context, "INVALID_DATA", "invalid data", new { param_name = "sort_by" }, "sort_by is id, Created_Time or Modified_Time, sort_order asc or desc");
        }

        return found.Count > (page - 1) * size ? Page(found, fields, (page - 1) * size, size, page, null)
            : Answer.Status(since > DateTimeOffset.UnixEpoch && page == 1 ? StatusCodes.Status304NotModified : StatusCodes.Status204NoContent);
    }

    private static FoundRows? Found(DataTable table, IQueryCollection query, DateTimeOffset since)
    {
        var (by, order) = (query["sort_by"].ToString(), query["sort_order"].ToString());
        if (by is not ("" or "id" or "Created_Time" or "Modified_Time") || order is not ("" or "asc" or "desc"))
        {
            return null;
        }

        var snapshot = table.Snapshot;
        var view = snapshot.Updated(since);
        if (by == "Modified_Time")
        {
            var all = FoundRows.Of(view, 0, view.Count);
            return order == "asc" ? all : new FoundRows(all.Count, (offset, limit) => Enumerable.Range(offset, Math.Max(0, Math.Min(limit, all.Count - offset))).Select(place => view[all.Count - 1 - place]));
        }

        if (since > DateTimeOffset.UnixEpoch)
        {
            var rows = view.Page(0, int.MaxValue).OrderBy(row => row.Index).ToList();
            if (order != "asc")
            {
                rows.Reverse();
            }

            return FoundRows.Of(rows);
        }

        // The newest come first unless asked otherwise.
        return order == "asc"
            ? new FoundRows(snapshot.Live, snapshot.Page)
            : new FoundRows(snapshot.Live, (offset, limit) => offset >= snapshot.Live ? [] : snapshot.Descending(snapshot.IndexAt(snapshot.Live - 1 - offset)).Take(limit));
    }

    private DataAnswer Page(FoundRows found, IReadOnlyList<string> fields, int offset, int size, int? page, string? token) => new(writer =>
    {
        var rows = found.Page(offset, size).ToList();
        var next = offset + rows.Count;
        writer.WriteStartObject();
        writer.WriteStartArray("data");
        rows.ForEach(row => ZohoContact.Write(writer, row, fields));
        writer.WriteEndArray();
        writer.WriteStartObject("info");
        writer.WriteNumber("per_page", size);
        writer.WriteNumber("count", rows.Count);
        writer.WriteNumber("page", page ?? (offset / size) + 1);
        writer.WriteBoolean("more_records", next < found.Count);
        writer.WriteString("next_page_token", next < found.Count ? _cursors.Token(token, found, next) : null);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private IResult Deleted(HttpContext context, DataTable table)
    {
        if (context.Request.Query["type"].ToString() is not ("" or "all" or "recycle" or "permanent") || !TryPage(context.Request.Query, out var page, out var size))
        {
            return Refused(context, "INVALID_DATA", "invalid data", new { param_name = "type" }, "type is all, recycle or permanent; per_page 1 to 200");
        }

        var since = DateTimeOffset.TryParse(context.Request.Headers.IfModifiedSince.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var asked) ? asked : DateTimeOffset.UnixEpoch;
        var all = table.Snapshot.Deleted().Where(row => row.Updated >= since && context.Request.Query["type"] != "permanent").OrderByDescending(row => row.Updated).ToList();
        var rows = all.Skip((page - 1) * size).Take(size).ToList();
        return rows.Count == 0 ? Answer.Status(StatusCodes.Status204NoContent) : Answer.Json(new
        {
            data = rows.Select(row => new { id = row.Id, display_name = ZohoContact.Name(row), type = "recycle", deleted_by = new { name = table.Account.Account.Person, id = "4150868000000225013" }, deleted_time = row.Updated.IsoSeconds() }),
            info = new { per_page = size, count = rows.Count, page, more_records = page * size < all.Count },
        });
    }

    private IResult Search(HttpContext context, DataTable table)
    {
        if (context.Request.Query["email"].ToString() is not { Length: > 0 } email)
        {
            return Refused(context, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", new { param_name = "email" }, "the sandbox searches by email only");
        }

        var rows = table.FindByKey(email);
        return rows.Count == 0 ? Answer.Status(StatusCodes.Status204NoContent) : Page(FoundRows.Of(rows), Fields(context.Request.Query) ?? ["Email", "Full_Name"], 0, 200, 1, null);
    }

    private async Task<IResult> WriteAsync(HttpContext context, DataTable table, string how)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("data", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() is 0 or > Most || list.EnumerateArray().Any(row => row.ValueKind != JsonValueKind.Object))
        {
            return Refused(context, "INVALID_DATA", "invalid data", new { api_name = "data", maximum_length = Most }, $"data is an array of 1 to {Most} objects");
        }

        if (how == "upsert" && body.TryGetProperty("duplicate_check_fields", out var checks) && checks.EnumerateArray().Any(name => name.GetString() != "Email"))
        {
            return Refused(context, "INVALID_DATA", "invalid data", new { api_name = "duplicate_check_fields" }, "the sandbox checks for duplicates by Email only");
        }

        var results = list.EnumerateArray().Select((row, at) => Written(context, table, JsonObject.Create(row)!, how, at)).ToList();
        var status = !results.TrueForAll(result => result.IsGood) ? StatusCodes.Status207MultiStatus : how == "insert" ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return Answer.Json(new { data = results.ConvertAll(result => result.View) }, status);
    }

    private static (bool IsGood, object View) Written(HttpContext context, DataTable table, JsonObject values, string how, int at)
    {
        Row? existing = null;
        if ((context.Request.RouteValues["id"]?.ToString() ?? values["id"]?.ToString()) is { } id)
        {
            if (table.Find(id) is not { IsDeleted: false } found)
            {
                return (false, new { code = "INVALID_DATA", details = new { api_name = "id", json_path = $"$.data[{at}].id" }, message = "the id given seems to be invalid", status = "error" });
            }

            existing = found;
        }
        else if (how == "update")
        {
            return (false, new { code = "MANDATORY_NOT_FOUND", details = new { api_name = "id", json_path = $"$.data[{at}].id" }, message = "required field not found", status = "error" });
        }
        else if (how == "upsert" && values["Email"]?.ToString() is { Length: > 0 } email && table.FindByKey(email) is [var same, ..])
        {
            existing = same;
        }

        if (ZohoContact.Fault(values, existing is null, at) is var (code, message, details))
        {
            return (false, new { code, details, message, status = "error" });
        }

        var row = ZohoContact.Save(table, values, existing);
        return (true, new
        {
            code = "SUCCESS",
            duplicate_field = how == "upsert" && existing is not null ? "Email" : null,
            action = existing is null ? "insert" : "update",
            details = new { id = row.Id, Created_Time = row.Created.IsoSeconds(), Modified_Time = row.Updated.IsoSeconds() },
            message = existing is null ? "record added" : "record updated",
            status = "success",
        });
    }

    private static IResult Delete(HttpContext context, DataTable table)
    {
        if (table.Find(context.Request.RouteValues["id"]!.ToString()!) is not { IsDeleted: false } row)
        {
            return Error("INVALID_DATA", "the id given seems to be invalid", new { });
        }

        table.Remove(row);
        return Answer.Json(new { data = new[] { new { code = "SUCCESS", details = new { id = row.Id }, message = "record deleted", status = "success" } } });
    }

    private static string[]? Fields(IQueryCollection query) => query["fields"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: >= 1 and <= 50 } names ? names : null;

    private static bool TryPage(IQueryCollection query, out int page, out int size)
    {
        (page, size) = (1, 200);
        return (query["page"].ToString() is { Length: 0 } || int.TryParse(query["page"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out page))
            && (query["per_page"].ToString() is { Length: 0 } || int.TryParse(query["per_page"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out size))
            && page is >= 1 and <= 1_000_000 && size is >= 1 and <= 200;
    }

    private IResult Refused(HttpContext context, string code, string message, object details, string rule)
    {
        control.Violated(context, rule);
        return Error(code, message, details);
    }

    private static IResult Error(string code, string message, object details) => Answer.Json(new { code, details, message, status = "error" }, StatusCodes.Status400BadRequest);
}

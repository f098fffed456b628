using System.Collections.Concurrent;
using System.Globalization;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Salesforce;

/// <summary>Queries in lots of 2,000 (unverified), and the paths of single objects.</summary>
internal sealed class SalesforceData
{
    private const int Lot = 2000;
    private const string Version = "/services/data/{version:regex(^v\\d\\d\\.0$)}";

    private static readonly string[] _keys = ["Email", "ProductCode"];

    private readonly ConcurrentDictionary<string, Cursor> _cursors = new(StringComparer.Ordinal);
    private readonly ProviderControl _control;
    private int _queries;

    public SalesforceData(ProviderControl control) => _control = control;

    public void Map(ProviderRoutes routes, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        var writes = new SalesforceWrites(this);
        routes.Get(Version + "/query", with((context, data) => Task.FromResult(Query(context, data, withDeleted: false))));
        routes.Get(Version + "/queryAll", with((context, data) => Task.FromResult(Query(context, data, withDeleted: true))));
        routes.Get(Version + "/query/{cursor}", with((context, data) => Task.FromResult(Next(context, data))));
        routes.Get(Version + "/sobjects/{type}/{id}", with((context, data) => Task.FromResult(Get(context, data))));
        writes.Map(routes, Version, with);
    }

    public static IResult Error(int status, string code, string message) => Answer.Json(new[] { new { message, errorCode = code } }, status);

    public IResult Refused(HttpContext context, string code, string message, int status = StatusCodes.Status400BadRequest)
    {
        _control.Violated(context, message);
        return Error(status, code, message);
    }

    /// <summary>The table that the path names; null when there is none.</summary>
    public static DataTable? Table(HttpContext context, AccountData data) =>
        SalesforceTypes.Canonical(context.Request.RouteValues["type"]?.ToString() ?? "") is { } type ? data[type] : null;

    private static string VersionOf(HttpContext context) => context.Request.RouteValues["version"]!.ToString()!;

    private IResult Query(HttpContext context, AccountData data, bool withDeleted)
    {
        var text = context.Request.Query["q"].ToString();
        if (RowQuery.Parse(text) is not { StartPosition: null, MaxResults: null } query)
        {
            return Refused(context, "MALFORMED_QUERY", $"the sandbox does not understand: {text}");
        }

        if (SalesforceTypes.Canonical(query.Entity) is not { } type)
        {
            return Refused(context, "INVALID_TYPE", $"sObject type '{query.Entity}' is not supported.");
        }

        List<string> fields = [];
        foreach (var name in query.Counts ? [] : query.What.Split(',', StringSplitOptions.TrimEntries))
        {
            if (SalesforceTypes.Field(type, name) is not { } field)
            {
                return Refused(context, "INVALID_FIELD", $"No such column '{name}' on entity '{type}'.");
            }

            fields.Add(field);
        }

        if (query.Clauses.FirstOrDefault(clause => SalesforceTypes.Field(type, clause.Field) is null) is { } unknown)
        {
            return Refused(context, "INVALID_FIELD", $"No such column '{unknown.Field}' on entity '{type}'.");
        }

        // A time stands without quotes.
        if (query.Clauses.Any(clause => clause.Field is "SystemModstamp" or "LastModifiedDate" or "CreatedDate" && text.Contains($"'{clause.Values[0]}'", StringComparison.Ordinal)))
        {
            return Refused(context, "INVALID_FIELD", "filter criteria must be of type dateTime and should not be enclosed in quotes");
        }

        if (query.Offset > Lot)
        {
            return Refused(context, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
        }

        if (query.Find(data[type], "SystemModstamp", _keys, withDeleted, ValueOf) is not { } found)
        {
            return Refused(context, "INVALID_FIELD", "SystemModstamp wants a dateTime");
        }

        var (offset, count) = (query.Offset ?? 0, Math.Max(0, Math.Min(query.Limit ?? int.MaxValue, found.Count - (query.Offset ?? 0))));
        if (query.Counts)
        {
            return Answer.Json(new { totalSize = count, done = true, records = Array.Empty<object>() });
        }

        var key = "01g" + Mint.Letters(15, "salesforce", "query", Interlocked.Increment(ref _queries));
        if (count > Lot)
        {
            // The real one keeps ten a user; old ones go first here too.
            _cursors[key] = new Cursor(data.Number, new FoundRows(count, (skip, take) => found.Page(offset + skip, take)), fields, _queries);
            foreach (var old in _cursors.Where(cursor => cursor.Value.Number <= _queries - 50))
            {
                _cursors.TryRemove(old);
            }
        }

        return Page(VersionOf(context), key, new FoundRows(count, (skip, take) => found.Page(offset + skip, take)), fields, 0);
    }

    private IResult Next(HttpContext context, AccountData data)
    {
        var parts = context.Request.RouteValues["cursor"]!.ToString()!.Split('-');
        return parts.Length == 2 && _cursors.TryGetValue(parts[0], out var cursor) && cursor.Account == data.Number
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset < cursor.Rows.Count
                ? Page(VersionOf(context), parts[0], cursor.Rows, cursor.Fields, offset)
                : Error(StatusCodes.Status400BadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator");
    }

    private static DataAnswer Page(string version, string key, FoundRows rows, List<string> fields, int offset) => new(writer =>
    {
        var next = offset + Lot;
        writer.WriteStartObject();
        writer.WriteNumber("totalSize", rows.Count);
        writer.WriteBoolean("done", next >= rows.Count);
        if (next < rows.Count)
        {
            writer.WriteString("nextRecordsUrl", string.Create(CultureInfo.InvariantCulture, $"/services/data/{version}/query/{key}-{next}"));
        }

        writer.WriteStartArray("records");
        foreach (var row in rows.Page(offset, Math.Min(Lot, rows.Count - offset)))
        {
            SalesforceTypes.Write(writer, row, fields, version);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static string? ValueOf(Row row, string field) => field.ToUpperInvariant() switch
    {
        "ISDELETED" => row.IsDeleted ? "true" : "false",
        "ISACTIVE" => "true",
        _ => SalesforceTypes.Value(row, SalesforceTypes.Field(row.Table.Type, field) ?? field),
    };

    private static IResult Get(HttpContext context, AccountData data) =>
        Table(context, data)?.Find(context.Request.RouteValues["id"]!.ToString()!) is { IsDeleted: false } row
            ? new DataAnswer(writer => SalesforceTypes.Write(writer, row, SalesforceTypes.FieldsOf(row.Table.Type), VersionOf(context)))
            : Error(StatusCodes.Status404NotFound, "NOT_FOUND", "The requested resource does not exist");

    private sealed record Cursor(int Account, FoundRows Rows, List<string> Fields, int Number);
}

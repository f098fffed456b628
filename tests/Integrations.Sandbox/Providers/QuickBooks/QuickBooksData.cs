using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.QuickBooks;

/// <summary>Queries, change data capture and writes of QuickBooks' objects.</summary>
internal sealed class QuickBooksData(ProviderControl control, TimeProvider time)
{
    private const string Modified = "MetaData.LastUpdatedTime";
    private const int Most = 1000;

    private static readonly string[] _keys = ["DisplayName", "PrimaryEmailAddr", "Name", "Sku", "DocNumber"];

    public void Map(ProviderRoutes routes, string company, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        var writes = new QuickBooksWrites(this);
        var repeated = new RepeatedRequests(time);
        routes.Get(company + "/cdc", with((context, data) => Task.FromResult(Changes(context, data))));
        routes.Post(company + "/batch", with((context, data) => OnceAsync(repeated, context, data, body => writes.Batch(context, data, body))));
        foreach (var type in control.Data.Types)
        {
            var path = $"{company}/{type.ToLowerInvariant()}";
            routes.Post(path, with((context, data) => OnceAsync(repeated, context, data, body => writes.Write(context, data[type], body))));
            routes.Get(path + "/{id}", with((context, data) => Task.FromResult(Get(context, data[type]))));
        }
    }

    public IResult Refused(HttpContext context, string code, string message, string detail)
    {
        control.Violated(context, detail);
        return QuickBooksErrors.Validation(code, message, detail);
    }

    public IResult Query(HttpContext context, AccountData data)
    {
        var text = context.Request.Query["query"].ToString();
        if (RowQuery.Parse(text) is not { Limit: null, Offset: null } query || control.Data.Types.FirstOrDefault(type => type.Equals(query.Entity, StringComparison.OrdinalIgnoreCase)) is not { } type)
        {
            return Refused(context, "4000", "Error parsing query", $"QueryParserError: the sandbox does not understand: {text}");
        }

        if (query.MaxResults is < 1 or > Most || query.StartPosition < 1)
        {
            return Refused(context, "4001", "Invalid query", "QueryValidationError: value of MAXRESULTS is 1 to 1000, of STARTPOSITION from 1");
        }

        var table = data[type];
        // Inactive names come only when they are asked for.
        var withInactive = QuickBooksTypes.IsName(type) && query.Clauses.Any(clause => clause.Field.Equals("Active", StringComparison.OrdinalIgnoreCase) && clause.Values.Contains("false", StringComparer.OrdinalIgnoreCase));
        if (query.Find(table, Modified, _keys, withInactive, ValueOf) is not { } found)
        {
            return Refused(context, "4001", "Invalid query", "QueryValidationError: Invalid value for LastUpdatedTime");
        }

        var (start, limit) = (query.StartPosition ?? 1, query.MaxResults ?? 100);
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("QueryResponse");
            if (query.Counts)
            {
                writer.WriteNumber("totalCount", found.Count);
            }
            else if (start <= found.Count)
            {
                writer.WriteRows(type, found.Page(start - 1, limit));
                writer.WriteNumber("startPosition", start);
                writer.WriteNumber("maxResults", Math.Min(limit, found.Count - start + 1));
            }

            writer.WriteEndObject();
            Time(writer);
            writer.WriteEndObject();
        });
    }

    public void Time(Utf8JsonWriter writer) => writer.WriteString("time", QuickBooksTypes.Time(time.GetUtcNow()));

    private static string? ValueOf(Row row, string field) => field.Equals("Active", StringComparison.OrdinalIgnoreCase) ? row.IsDeleted ? "false" : "true"
        : field.Equals("PrimaryEmailAddr", StringComparison.OrdinalIgnoreCase) ? row.ToObject()["PrimaryEmailAddr"]?["Address"]?.ToString()
        : row.ToObject().FirstOrDefault(value => value.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value?.ToString();

    private IResult Changes(HttpContext context, AccountData data)
    {
        var types = context.Request.Query["entities"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (types.Length == 0 || types.Except(control.Data.Types, StringComparer.Ordinal).Any())
        {
            return Refused(context, "2020", "Required param missing, need to supply the required value for the API", "entities names objects");
        }

        if (!DateTimeOffset.TryParse(context.Request.Query["changedSince"].ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
        {
            return Refused(context, "2020", "Required param missing, need to supply the required value for the API", "changedSince is a time");
        }

        // Note: the look-back of 30 days and the limit of 1,000 are unverified.
        if (since < time.GetUtcNow().AddDays(-30))
        {
            return Refused(context, "4001", "Invalid query", "changedSince is at most 30 days ago");
        }

        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("CDCResponse");
            writer.WriteStartObject();
            writer.WriteStartArray("QueryResponse");
            foreach (var type in types)
            {
                var rows = data[type].Snapshot.Updated(since, withDeleted: true);
                writer.WriteStartObject();
                if (rows.Count > 0)
                {
                    writer.WriteStartArray(type);
                    foreach (var row in rows.Page(0, Most))
                    {
                        Change(writer, row, type);
                    }

                    writer.WriteEndArray();
                    writer.WriteNumber("startPosition", 1);
                    writer.WriteNumber("maxResults", Math.Min(Most, rows.Count));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            Time(writer);
            writer.WriteEndObject();
        });
    }

    private static void Change(Utf8JsonWriter writer, Row row, string type)
    {
        if (!row.IsDeleted || QuickBooksTypes.IsName(type))
        {
            row.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("domain", "QBO");
        writer.WriteString("status", "Deleted");
        writer.WriteString("Id", row.Id);
        writer.WriteStartObject("MetaData");
        writer.WriteString("LastUpdatedTime", QuickBooksTypes.Time(row.Updated));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private IResult Get(HttpContext context, DataTable table) =>
        table.Find(context.Request.RouteValues["id"]!.ToString()!) is { } row && (!row.IsDeleted || QuickBooksTypes.IsName(table.Type))
            ? Written(row)
            : QuickBooksErrors.Validation("610", "Object Not Found", "Object Not Found : Something you're trying to use has been made inactive.");

    public IResult Written(Row row) => new DataAnswer(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName(row.Table.Type);
        row.WriteTo(writer);
        Time(writer);
        writer.WriteEndObject();
    });

    private async Task<IResult> OnceAsync(RepeatedRequests repeated, HttpContext context, AccountData data, Func<JsonElement, IResult> answer)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return Refused(context, "2010", "Request has invalid or unsupported property", "the body is a JSON object");
        }

        // Note: what is answered to another request with a used id is not documented; the real one repeats its first answer.
        return await repeated.RunAsync(context, data, context.Request.Query["requestid"].ToString(), body.GetRawText(), () => answer(body), () => QuickBooksErrors.Validation(
            "6140", "Duplicate Document Number Error", "requestid was used for another request"));
    }
}

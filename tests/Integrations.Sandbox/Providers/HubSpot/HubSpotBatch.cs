using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.HubSpot;

/// <summary>POST …/batch/…: at most 100 rows. Rows that cannot be written make the answer 207, with errors beside the results (unverified).</summary>
internal sealed class HubSpotBatch(HubSpotData data, TimeProvider time)
{
    private const int Most = 100;

    public async Task<IResult> ReadAsync(HttpContext context, DataTable table)
    {
        var body = await context.Request.ReadObjectAsync();
        if (Inputs(body) is not { } inputs)
        {
            return data.Refused(context, $"inputs are an array of at most {Most} objects");
        }

        var property = body!.Value.Text("idProperty");
        var names = body.Value.TryGetProperty("properties", out var asked) && asked.ValueKind == JsonValueKind.Array
            ? asked.EnumerateArray().Select(name => name.GetString() ?? "").Union(["createdate", "hs_object_id", HubSpotContact.Modified], StringComparer.Ordinal).ToArray()
            : HubSpotContact.ByDefault;
        var rows = inputs.Select(input => (Id: input["id"]?.ToString() ?? "", Row: HubSpotData.Find(table, input["id"]?.ToString() ?? "", property))).ToList();
        var missing = rows.Where(row => row.Row is null).Select(row => row.Id).ToList();
        return Answer(
            [.. rows.Where(row => row.Row is not null).Select(row => (row.Row!.Value, (bool?)null))],
            missing.Count == 0 ? [] : [("OBJECT_NOT_FOUND", "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.", string.Join(',', missing))],
            StatusCodes.Status200OK,
            names);
    }

    public async Task<IResult> CreateAsync(HttpContext context, DataTable table)
    {
        if (Inputs(await context.Request.ReadObjectAsync()) is not { } inputs)
        {
            return data.Refused(context, $"inputs are an array of at most {Most} objects");
        }

        // All or none.
        var contacts = inputs.ConvertAll(Properties);
        foreach (var properties in contacts)
        {
            if (HubSpotData.Fault(properties) is { } fault)
            {
                return HubSpotData.Invalid(fault);
            }

            if (properties["email"]?.ToString() is { Length: > 0 } email && table.FindByKey(email) is [var existing, ..])
            {
                return HubSpotData.Conflict(existing);
            }
        }

        return Answer([.. contacts.Select(properties => (table.Add(HubSpotContact.Blank(properties), null), (bool?)null))], [], StatusCodes.Status201Created, HubSpotContact.Writable);
    }

    public Task<IResult> UpdateAsync(HttpContext context, DataTable table) => WriteAsync(context, table, adds: false);

    public Task<IResult> UpsertAsync(HttpContext context, DataTable table) => WriteAsync(context, table, adds: true);

    private async Task<IResult> WriteAsync(HttpContext context, DataTable table, bool adds)
    {
        if (Inputs(await context.Request.ReadObjectAsync()) is not { } inputs)
        {
            return data.Refused(context, $"inputs are an array of at most {Most} objects");
        }

        if (inputs.Exists(input => string.IsNullOrEmpty(input["id"]?.ToString())) || (adds && inputs.Exists(input => input["idProperty"]?.ToString() != "email")))
        {
            return data.Refused(context, "each input has an id, and for an upsert idProperty: email");
        }

        if (inputs.GroupBy(input => input["id"]!.ToString(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return data.Refused(context, $"Duplicate IDs found in batch input: [{twice.Key}]. IDs must be unique");
        }

        List<(Row, bool?)> rows = [];
        List<(string, string, string)> errors = [];
        foreach (var input in inputs)
        {
            var (id, properties) = (input["id"]!.ToString(), Properties(input));
            if (adds)
            {
                properties["email"] ??= id;
            }

            if (HubSpotData.Fault(properties) is { } fault)
            {
                errors.Add(("VALIDATION_ERROR", fault, id));
            }
            else if (HubSpotData.Find(table, id, input["idProperty"]?.ToString()) is { } row)
            {
                rows.Add((HubSpotData.Change(table, row, properties), adds ? false : null));
            }
            else if (adds)
            {
                rows.Add((table.Add(HubSpotContact.Blank(properties), null), true));
            }
            else
            {
                errors.Add(("OBJECT_NOT_FOUND", "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.", id));
            }
        }

        return Answer(rows, errors, StatusCodes.Status200OK, HubSpotContact.Writable);
    }

    private DataAnswer Answer(List<(Row Row, bool? IsNew)> rows, List<(string Category, string Message, string Ids)> errors, int status, IReadOnlyList<string> names) => new(writer =>
    {
        var now = time.GetUtcNow().Iso();
        writer.WriteStartObject();
        writer.WriteString("status", "COMPLETE");
        writer.WriteStartArray("results");
        rows.ForEach(row => HubSpotContact.Write(writer, row.Row, names, row.IsNew));
        writer.WriteEndArray();
        writer.WriteString("startedAt", now);
        writer.WriteString("completedAt", now);
        if (errors.Count > 0)
        {
            writer.WriteNumber("numErrors", errors.Count);
            writer.WriteStartArray("errors");
            foreach (var (category, message, ids) in errors)
            {
                writer.WriteStartObject();
                writer.WriteString("status", "error");
                writer.WriteString("category", category);
                writer.WriteString("message", message);
                writer.WriteStartObject("context");
                writer.WriteStartArray("ids");
                foreach (var id in ids.Split(','))
                {
                    writer.WriteStringValue(id);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }, errors.Count > 0 ? StatusCodes.Status207MultiStatus : status);

    /// <summary>Null when they are too many, or no objects with properties.</summary>
    private static List<JsonObject>? Inputs(JsonElement? body) =>
        body is { } element && element.TryGetProperty("inputs", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is >= 1 and <= Most
        && list.EnumerateArray().All(input => input.ValueKind == JsonValueKind.Object && (!input.TryGetProperty("properties", out var properties) || properties.ValueKind == JsonValueKind.Object))
            ? [.. list.EnumerateArray().Select(input => JsonObject.Create(input)!)]
            : null;

    private static JsonObject Properties(JsonObject input)
    {
        var properties = input["properties"]?.AsObject() ?? [];
        input.Remove("properties");
        return properties;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.HubSpot;

/// <summary>The paths of contacts.</summary>
internal sealed class HubSpotData(ProviderControl control, TimeProvider time)
{
    private const string Contacts = "/crm/v3/objects/contacts";
    private const string Read = "crm.objects.contacts.read";
    private const string Written = "crm.objects.contacts.write";

    public void Map(ProviderRoutes routes, Func<string, DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        var search = new HubSpotSearch(this);
        var batch = new HubSpotBatch(this, time);
        routes.Get(Contacts, with(Read, (context, data) => Task.FromResult(List(context, data["contacts"]))));
        routes.Get(Contacts + "/{id}", with(Read, (context, data) => Task.FromResult(Get(context, data["contacts"]))));
        routes.Post(Contacts + "/search", with(Read, (context, data) => search.RunAsync(context, data["contacts"])));
        routes.Post(Contacts + "/batch/read", with(Read, (context, data) => batch.ReadAsync(context, data["contacts"])));
        routes.Post(Contacts + "/batch/create", with(Written, (context, data) => batch.CreateAsync(context, data["contacts"])));
        routes.Post(Contacts + "/batch/update", with(Written, (context, data) => batch.UpdateAsync(context, data["contacts"])));
        routes.Post(Contacts + "/batch/upsert", with(Written, (context, data) => batch.UpsertAsync(context, data["contacts"])));
        routes.Post(Contacts, with(Written, (context, data) => CreateAsync(context, data["contacts"])));
        routes.Patch(Contacts + "/{id}", with(Written, (context, data) => UpdateAsync(context, data["contacts"])));
    }

    public IResult Refused(HttpContext context, string message)
    {
        control.Violated(context, message);
        return Invalid(message);
    }

    public static IResult Invalid(string message) => HubSpotProvider.Error(StatusCodes.Status400BadRequest, "VALIDATION_ERROR", message);

    public static IResult Conflict(Row existing) =>
        HubSpotProvider.Error(StatusCodes.Status409Conflict, "CONFLICT", $"Contact already exists. Existing ID: {existing.Id}");

    /// <summary>The row that an id, or the value of <paramref name="property"/>, names.</summary>
    public static Row? Find(DataTable table, string id, string? property) => property == "email"
        ? table.FindByKey(id) is [var row, ..] ? row : null
        : table.Find(id) is { IsDeleted: false } found ? found : null;

    /// <summary>What is wrong with values that shall be written; null when nothing is.</summary>
    public static string? Fault(JsonObject properties) =>
        properties.Select(property => property.Key).FirstOrDefault(name => !HubSpotContact.Writable.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? $"Property values were not valid: [{{\"isValid\":false,\"message\":\"Property \\\"{unknown}\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"{unknown}\"}}]"
            : properties["email"]?.ToString() is { Length: > 0 } email && (email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }] || email.Any(char.IsWhiteSpace))
                ? $"Property values were not valid: [{{\"isValid\":false,\"message\":\"Email address {email} is invalid\",\"error\":\"INVALID_EMAIL\",\"name\":\"email\"}}]"
                : null;

    public static Row Change(DataTable table, Row row, JsonObject properties)
    {
        var body = row.ToObject();
        var into = body["properties"]!.AsObject();
        foreach (var (name, value) in HubSpotContact.Normal(properties))
        {
            into[name] = value?.DeepClone();
        }

        return table.Replace(row, body);
    }

    private IResult List(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        if (!TryNumber(query["limit"].ToString(), 10, out var limit) || limit is < 1 or > 100)
        {
            return Refused(context, "limit must be 1 to 100");
        }

        var after = -1;
        if (query["after"].ToString() is { Length: > 0 } cursor)
        {
            if (table.Find(cursor) is not { } last)
            {
                return Invalid($"Unable to decode paging cursor {cursor}");
            }

            after = last.Index;
        }

        var names = Names(query["properties"].ToString());
        var source = query["archived"] == "true" ? table.Snapshot.Deleted().Where(row => row.Index > after) : table.Snapshot.Ascending(after + 1);
        var rows = source.Take(limit + 1).ToList();
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            foreach (var row in rows.Take(limit))
            {
                HubSpotContact.Write(writer, row, names);
            }

            writer.WriteEndArray();
            if (rows.Count > limit)
            {
                Next(writer, rows[limit - 1].Id);
            }

            writer.WriteEndObject();
        });
    }

    public static void Next(Utf8JsonWriter writer, string after)
    {
        writer.WriteStartObject("paging");
        writer.WriteStartObject("next");
        writer.WriteString("after", after);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static IResult Get(HttpContext context, DataTable table)
    {
        var id = context.Request.RouteValues["id"]!.ToString()!;
        var names = Names(context.Request.Query["properties"].ToString());
        return Find(table, id, context.Request.Query["idProperty"]) is { } row ? new DataAnswer(writer => HubSpotContact.Write(writer, row, names)) : Missing();
    }

    private async Task<IResult> CreateAsync(HttpContext context, DataTable table)
    {
        if (await PropertiesAsync(context) is not { } properties)
        {
            return Refused(context, "a contact is {\"properties\":{…}}");
        }

        if (Fault(properties) is { } fault)
        {
            return Invalid(fault);
        }

        if (properties["email"]?.ToString() is { Length: > 0 } email && table.FindByKey(email) is [var existing, ..])
        {
            return Conflict(existing);
        }

        var made = table.Add(HubSpotContact.Blank(properties), null);
        return new DataAnswer(made.WriteTo, StatusCodes.Status201Created);
    }

    private async Task<IResult> UpdateAsync(HttpContext context, DataTable table)
    {
        if (await PropertiesAsync(context) is not { } properties)
        {
            return Refused(context, "a contact is {\"properties\":{…}}");
        }

        if (Find(table, context.Request.RouteValues["id"]!.ToString()!, context.Request.Query["idProperty"]) is not { } row)
        {
            return Missing();
        }

        return Fault(properties) is { } fault ? Invalid(fault) : new DataAnswer(Change(table, row, properties).WriteTo);
    }

    public static bool TryNumber(string text, int byDefault, out int number)
    {
        number = byDefault;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string[] Names(string asked) => asked.Length == 0
        ? HubSpotContact.ByDefault
        : [.. asked.Split(',', StringSplitOptions.TrimEntries).Union(["createdate", "hs_object_id", HubSpotContact.Modified], StringComparer.Ordinal)];

    private static async Task<JsonObject?> PropertiesAsync(HttpContext context) =>
        await context.Request.ReadObjectAsync() is { } body && body.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(properties)
            : null;

    private static IResult Missing() => HubSpotProvider.Error(StatusCodes.Status404NotFound, "OBJECT_NOT_FOUND", "resource not found");
}

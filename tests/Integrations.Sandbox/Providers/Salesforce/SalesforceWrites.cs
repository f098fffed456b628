using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Salesforce;

/// <summary>Writes of one object, and of up to 200, where each tells what became of it.</summary>
internal sealed class SalesforceWrites(SalesforceData data)
{
    private const int Most = 200;

    public void Map(ProviderRoutes routes, string version, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        routes.Post(version + "/sobjects/{type}", with(CreateAsync));
        routes.Patch(version + "/sobjects/{type}/{id}", with(UpdateAsync));
        routes.Patch(version + "/sobjects/{type}/{field}/{value}", with(UpsertAsync));
        routes.Delete(version + "/sobjects/{type}/{id}", with((context, account) => Task.FromResult(Delete(context, account))));
        routes.Post(version + "/composite/sobjects", with((context, account) => ManyAsync(context, account, isUpdate: false)));
        routes.Patch(version + "/composite/sobjects", with((context, account) => ManyAsync(context, account, isUpdate: true)));
        routes.Patch(version + "/composite/sobjects/{type}/{field}", with(UpsertManyAsync));
    }

    private async Task<IResult> CreateAsync(HttpContext context, AccountData account)
    {
        if (SalesforceData.Table(context, account) is not { } table || await context.Request.ReadObjectAsync() is not { } body)
        {
            return Malformed(context);
        }

        var values = JsonObject.Create(body)!;
        return Fault(table, values, isNew: true) is { } fault
            ? Answer.Json(new[] { fault }, StatusCodes.Status400BadRequest)
            : Answer.Json(new { id = Save(table, values, null).Id, success = true, errors = Array.Empty<object>() }, StatusCodes.Status201Created);
    }

    private async Task<IResult> UpdateAsync(HttpContext context, AccountData account)
    {
        if (SalesforceData.Table(context, account) is not { } table || await context.Request.ReadObjectAsync() is not { } body)
        {
            return Malformed(context);
        }

        if (table.Find(context.Request.RouteValues["id"]!.ToString()!) is not { IsDeleted: false } row)
        {
            return SalesforceData.Error(StatusCodes.Status404NotFound, "NOT_FOUND", "The requested resource does not exist");
        }

        var values = JsonObject.Create(body)!;
        if (Fault(table, values, isNew: false) is { } fault)
        {
            return Answer.Json(new[] { fault }, StatusCodes.Status400BadRequest);
        }

        Save(table, values, row);
        return Answer.Status(StatusCodes.Status204NoContent);
    }

    private async Task<IResult> UpsertAsync(HttpContext context, AccountData account)
    {
        var field = context.Request.RouteValues["field"]!.ToString()!;
        if (SalesforceData.Table(context, account) is not { } table || await context.Request.ReadObjectAsync() is not { } body)
        {
            return Malformed(context);
        }

        if (!IsExternal(field))
        {
            return NoExternalId(context, field);
        }

        var (values, value) = (JsonObject.Create(body)!, context.Request.RouteValues["value"]!.ToString()!);
        if (values.ContainsKey(field))
        {
            return data.Refused(context, "INVALID_FIELD", $"The {field} field should not be specified in the sobject data.");
        }

        values[field] = value;
        var found = table.FindByKey(value);
        if (found.Count > 1)
        {
            return Answer.Json(found.Select(row => $"/services/data/v60.0/sobjects/{table.Type}/{row.Id}"), StatusCodes.Status300MultipleChoices);
        }

        if (Fault(table, values, found.Count == 0) is { } fault)
        {
            return Answer.Json(new[] { fault }, StatusCodes.Status400BadRequest);
        }

        var saved = Save(table, values, found.Count == 0 ? null : found[0]);
        return Answer.Json(new { id = saved.Id, success = true, errors = Array.Empty<object>(), created = found.Count == 0 }, found.Count == 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private IResult Delete(HttpContext context, AccountData account)
    {
        if (SalesforceData.Table(context, account) is not { } table || table.Find(context.Request.RouteValues["id"]!.ToString()!) is not { IsDeleted: false } row)
        {
            return SalesforceData.Error(StatusCodes.Status404NotFound, "NOT_FOUND", "The requested resource does not exist");
        }

        table.Remove(row);
        return Answer.Status(StatusCodes.Status204NoContent);
    }

    private async Task<IResult> ManyAsync(HttpContext context, AccountData account, bool isUpdate)
    {
        if (Records(await context.Request.ReadObjectAsync()) is not var (records, isAllOrNone))
        {
            return TooMany(context);
        }

        var judged = records.ConvertAll(values =>
        {
            var table = SalesforceTypes.Canonical(values["attributes"]?["type"]?.ToString() ?? "") is { } type ? account[type] : null;
            var existing = isUpdate && (values["id"] ?? values["Id"])?.ToString() is { } id ? table?.Find(id) : null;
            values.Remove("id");
            values.Remove("Id");
            var fault = table is null ? new SalesforceFault("INVALID_TYPE", "attributes.type names no sObject", [])
                : isUpdate && existing is not { IsDeleted: false } ? new SalesforceFault("ENTITY_IS_DELETED", "entity is deleted or does not exist", [])
                : Fault(table, values, !isUpdate);
            return new Judged(table, values, existing, fault);
        });
        return Results(judged, isAllOrNone, tellsCreated: false);
    }

    private async Task<IResult> UpsertManyAsync(HttpContext context, AccountData account)
    {
        var field = context.Request.RouteValues["field"]!.ToString()!;
        if (SalesforceData.Table(context, account) is not { } table || Records(await context.Request.ReadObjectAsync()) is not var (records, isAllOrNone))
        {
            return TooMany(context);
        }

        if (!IsExternal(field))
        {
            return NoExternalId(context, field);
        }

        var twice = records.GroupBy(values => values[field]?.ToString() ?? "", StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var judged = records.ConvertAll(values =>
        {
            var value = values[field]?.ToString() ?? "";
            var found = value.Length == 0 ? [] : table.FindByKey(value);
            var fault = values["attributes"]?["type"]?.ToString() != table.Type ? new SalesforceFault("INVALID_TYPE", "attributes.type is not the type of the path", [])
                : value.Length == 0 ? new SalesforceFault("MISSING_ARGUMENT", $"{field} not specified", [])
                : twice.Contains(value) ? new SalesforceFault("DUPLICATE_VALUE", $"Duplicate external id specified: {value}", [field])
                : found.Count > 1 ? new SalesforceFault("DUPLICATE_EXTERNAL_ID", $"{field}: more than one record found for external id field", [])
                : Fault(table, values, found.Count == 0);
            return new Judged(table, values, found.Count == 1 ? found[0] : null, fault);
        });
        return Results(judged, isAllOrNone, tellsCreated: true);
    }

    private static IResult Results(List<Judged> judged, bool isAllOrNone, bool tellsCreated)
    {
        var isRolledBack = isAllOrNone && judged.Exists(row => row.Fault is not null);
        return Answer.Json(judged.ConvertAll(row =>
        {
            Dictionary<string, object> result = new(StringComparer.Ordinal) { ["success"] = false };
            if (row.Fault is not null || isRolledBack)
            {
                result["errors"] = new[] { row.Fault ?? new SalesforceFault("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header", []) };
                return result;
            }

            (result["id"], result["success"], result["errors"]) = (Save(row.Table!, row.Values, row.Existing).Id, true, Array.Empty<object>());
            if (tellsCreated)
            {
                result["created"] = row.Existing is null;
            }

            return result;
        }));
    }

    private static Row Save(DataTable table, JsonObject values, Row? existing)
    {
        var body = existing is { } row ? row.ToObject() : [];
        foreach (var (name, value) in values.Where(value => value.Key != "attributes"))
        {
            body[SalesforceTypes.Field(table.Type, name)!] = value?.DeepClone();
        }

        return existing is { } old ? table.Replace(old, body) : table.Add(body, null);
    }

    private static SalesforceFault? Fault(DataTable table, JsonObject values, bool isNew)
    {
        foreach (var (name, value) in values.Where(value => value.Key != "attributes"))
        {
            if (SalesforceTypes.Field(table.Type, name) is null)
            {
                return new SalesforceFault("INVALID_FIELD", $"No such column '{name}' on sobject of type {table.Type}", []);
            }

            if (!SalesforceTypes.IsWritable(table.Type, name))
            {
                return new SalesforceFault("INVALID_FIELD_FOR_INSERT_UPDATE", $"Unable to create/update fields: {name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", [name]);
            }

            if (name is "LastName" or "Email" && value?.ToString().Length > 80)
            {
                return new SalesforceFault("STRING_TOO_LONG", $"{name}: data value too large (max length=80)", [name]);
            }
        }

        var required = table.Type == "Product2" ? "Name" : "LastName";
        if (isNew ? string.IsNullOrEmpty(values[required]?.ToString()) : values.ContainsKey(required) && string.IsNullOrEmpty(values[required]?.ToString()))
        {
            return new SalesforceFault("REQUIRED_FIELD_MISSING", $"Required fields are missing: [{required}]", [required]);
        }

        return values["Email"]?.ToString() is { Length: > 0 } email && (!email.Contains('@', StringComparison.Ordinal) || email.Any(char.IsWhiteSpace))
            ? new SalesforceFault("INVALID_EMAIL_ADDRESS", $"Email: invalid email address: {email}", ["Email"])
            : null;
    }

    private static bool IsExternal(string field) => field == "Email" || SalesforceTypes.IsCustom(field);

    private static (List<JsonObject> Records, bool IsAllOrNone)? Records(JsonElement? body) =>
        body is { } element && element.TryGetProperty("records", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is >= 1 and <= Most && list.EnumerateArray().All(record => record.ValueKind == JsonValueKind.Object)
            ? ([.. list.EnumerateArray().Select(record => JsonObject.Create(record)!)], element.TryGetProperty("allOrNone", out var all) && all.ValueKind == JsonValueKind.True)
            : null;

    private IResult Malformed(HttpContext context) => data.Refused(context, "JSON_PARSER_ERROR", "the path names an sObject, and the body is a JSON object");

    private IResult TooMany(HttpContext context) => data.Refused(context, "EXCEEDED_MAX_RECORDS", $"records are 1 to {Most} objects");

    private IResult NoExternalId(HttpContext context, string field) =>
        data.Refused(context, "NOT_FOUND", $"Provided external ID field does not exist or is not accessible: {field}", StatusCodes.Status404NotFound);

    private sealed record Judged(DataTable? Table, JsonObject Values, Row? Existing, SalesforceFault? Fault);
}

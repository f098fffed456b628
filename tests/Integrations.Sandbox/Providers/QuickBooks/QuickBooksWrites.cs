using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.QuickBooks;

/// <summary>A POST without Id creates; with one it updates, and must carry the newest SyncToken. A batch holds up to 30 of them (unverified).</summary>
internal sealed class QuickBooksWrites(QuickBooksData data)
{
    public IResult Write(HttpContext context, DataTable table, JsonElement body)
    {
        var (row, fault) = Save(table, JsonObject.Create(body)!, context.Request.Query["operation"] == "delete");
        return fault is not null ? QuickBooksErrors.Validation(fault.Code, fault.Message, fault.Detail)
            : row is { IsDeleted: true } gone ? Answer.Json(new Dictionary<string, object>(StringComparer.Ordinal) { [table.Type] = new { gone.Id, domain = "QBO", status = "Deleted" } })
            : data.Written(row!.Value);
    }

    public IResult Batch(HttpContext context, AccountData account, JsonElement body)
    {
        if (!body.TryGetProperty("BatchItemRequest", out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() is 0 or > 30)
        {
            return data.Refused(context, "1040", "The maximum number of batch items was exceeded", "a batch holds 1 to 30 items");
        }

        var written = items.EnumerateArray().Select(item => (Id: item.Text("bId") ?? "", Result: Item(account, item))).ToList();
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("BatchItemResponse");
            foreach (var (id, (type, row, fault)) in written)
            {
                writer.WriteStartObject();
                writer.WriteString("bId", id);
                if (fault is not null)
                {
                    writer.WritePropertyName("Fault");
                    JsonSerializer.Serialize(writer, QuickBooksErrors.FaultOf(fault.Code, fault.Message, fault.Detail));
                }
                else
                {
                    writer.WritePropertyName(type);
                    row!.Value.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            data.Time(writer);
            writer.WriteEndObject();
        });
    }

    private static (string Type, Row? Row, QuickBooksFault? Fault) Item(AccountData account, JsonElement item)
    {
        var operation = item.Text("operation");
        foreach (var type in account.Owner.Types)
        {
            if (item.TryGetProperty(type, out var body) && body.ValueKind == JsonValueKind.Object && operation is "create" or "update" or "delete")
            {
                var (row, fault) = Save(account[type], JsonObject.Create(body)!, operation == "delete");
                return (type, row, fault);
            }
        }

        return ("", null, new QuickBooksFault("2010", "Request has invalid or unsupported property", "an item has bId, operation and an object"));
    }

    private static (Row? Row, QuickBooksFault? Fault) Save(DataTable table, JsonObject values, bool deletes)
    {
        Row? existing = null;
        if (Text(values["Id"]) is { } id)
        {
            if (table.Find(id) is not { } found || (found.IsDeleted && !QuickBooksTypes.IsName(table.Type)))
            {
                return (null, new QuickBooksFault("610", "Object Not Found", "Object Not Found : Something you're trying to use has been made inactive."));
            }

            if (Text(values["SyncToken"]) is not { } token)
            {
                return (null, Missing("SyncToken"));
            }

            if (token != found.Revision.ToString(CultureInfo.InvariantCulture))
            {
                return (null, new QuickBooksFault("5010", "Stale Object Error", $"Stale Object Error : You and someone else were working on this at the same time. They finished before you did, so your work was not saved."));
            }

            existing = found;
        }

        if (deletes)
        {
            if (existing is not { } row)
            {
                return (null, Missing("Id"));
            }

            table.Remove(row);
            return (table.RowAt(row.Index), null);
        }

        return Fault(table, values, existing) is { } fault ? (null, fault) : (Put(table, values, existing), null);
    }

    private static Row Put(DataTable table, JsonObject values, Row? existing)
    {
        // Without sparse what is not named is cleared.
        var body = existing is { } row && values["sparse"]?.GetValue<bool>() == true ? row.ToObject() : [];
        foreach (var (name, value) in values)
        {
            body[name] = value?.DeepClone();
        }

        if (table.Type is "Customer" or "Vendor")
        {
            body["DisplayName"] ??= Name(body);
        }

        if (body["Line"] is JsonArray lines && table.Type != "Payment")
        {
            body["TotalAmt"] = lines.Where(line => Text(line?["DetailType"]) != "SubTotalLineDetail").Sum(line => Number(line?["Amount"]));
            body["Balance"] = body["TotalAmt"]!.DeepClone();
        }

        if (table.Type == "Invoice")
        {
            body["DocNumber"] ??= string.Create(CultureInfo.InvariantCulture, $"S-{table.Snapshot.Total + 1:000000}");
            body["TxnDate"] ??= table.Account.Now.Day();
        }

        return existing is { } old ? table.Replace(old, body) : table.Add(body, null);
    }

    private static QuickBooksFault? Fault(DataTable table, JsonObject values, Row? existing)
    {
        var (isNew, own) = (existing is null, existing?.Index ?? -1);
        var address = values["PrimaryEmailAddr"]?["Address"]?.ToString();
        var customer = Text(values["CustomerRef"]?["value"]);
        switch (table.Type)
        {
            case "Customer" or "Vendor" when isNew && Name(values) is null:
                return new QuickBooksFault("6000", "A business validation error has occurred while processing your request", "At least one of Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix must be supplied");
            case "Customer" or "Vendor" when address?.Contains('@', StringComparison.Ordinal) == false:
                return new QuickBooksFault("2210", "Invalid Email Address format", "Property Name:PrimaryEmailAddr is invalid");
            case "Customer" or "Vendor" or "Item" when Name(values) is { } name && table.FindByKey(name).Any(row => string.Equals(row.Key, name, StringComparison.OrdinalIgnoreCase) && row.Index != own):
                return new QuickBooksFault("6240", "Duplicate Name Exists Error", "The name supplied already exists. : null");
            case "Item" when isNew && Text(values["Name"]) is null:
                return Missing("Name");
            case "Invoice" or "Payment" when isNew && customer is null:
                return Missing("CustomerRef");
            case "Invoice" or "Payment" when customer is not null && table.Account["Customer"].Find(customer) is null:
                return new QuickBooksFault("2500", "Invalid Reference Id", "Invalid Reference Id : Names element id not found");
            case "Invoice" or "Purchase" when isNew && values["Line"] is not JsonArray { Count: > 0 }:
                return Missing("Line");
            case "Payment" when isNew && values["TotalAmt"] is null:
                return Missing("TotalAmt");
            default:
                return null;
        }
    }

    private static string? Name(JsonObject values) => Text(values["DisplayName"]) ?? Text(values["Name"])
        ?? (string.Join(' ', new[] { Text(values["GivenName"]), Text(values["FamilyName"]) }.OfType<string>()) is { Length: > 0 } name ? name : Text(values["CompanyName"]));

    private static QuickBooksFault Missing(string name) =>
        new("2020", "Required param missing, need to supply the required value for the API", $"Required parameter {name} is missing in the request");

    private static string? Text(JsonNode? node) => node is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    private static decimal Number(JsonNode? node) => decimal.TryParse(node?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}

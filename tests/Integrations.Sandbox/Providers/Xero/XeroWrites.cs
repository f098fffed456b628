using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Xero;

/// <summary>POST updates or creates, PUT only creates. With summarizeErrors=false each row tells what is wrong with it; without, one wrong row refuses all.</summary>
internal sealed class XeroWrites(ProviderControl control)
{
    public IResult Write(HttpContext context, DataTable table, JsonElement body, bool updates)
    {
        List<JsonElement> rows = body.TryGetProperty(table.Type, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [body];
        if (rows.Exists(row => row.ValueKind != JsonValueKind.Object))
        {
            control.Violated(context, "rows are JSON objects");
            return Answer.Json(new { ErrorNumber = 17, Type = "NoDataProcessedException", Message = "No data has been processed for this endpoint." }, StatusCodes.Status400BadRequest);
        }

        var judged = rows.ConvertAll(row => Judge(table, JsonObject.Create(row)!, updates));
        var isPerRow = string.Equals(context.Request.Query["summarizeErrors"], "false", StringComparison.OrdinalIgnoreCase);
        if (!isPerRow && judged.Exists(row => row.Fault is not null))
        {
            return Answer.Json(
                new { ErrorNumber = 10, Type = "ValidationException", Message = "A validation exception occurred", Elements = judged.Where(row => row.Fault is not null).Select(row => Refused(row.Values, row.Fault!)) },
                StatusCodes.Status400BadRequest);
        }

        var written = judged.ConvertAll(row => row.Fault is { } fault ? Refused(row.Values, fault) : Save(table, row.Values, row.Existing));
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("Status", "OK");
            writer.WriteString("ProviderName", "Integrations");
            writer.WriteStartArray(table.Type);
            written.ForEach(row => row.WriteTo(writer, DataAnswer.AsWritten));
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static (JsonObject Values, Row? Existing, string? Fault) Judge(DataTable table, JsonObject values, bool updates)
    {
        Row? existing = null;
        if (Text(values, XeroTypes.IdName(table.Type)) is { } id)
        {
            if (table.Find(id) is not { } found)
            {
                return (values, null, $"The {table.Type[..^1].ToLowerInvariant()} with the specified id could not be found");
            }

            existing = found;
        }

        var (name, key) = table.Type switch
        {
            "Contacts" => ("Name", Text(values, "Name")),
            "Invoices" => ("InvoiceNumber", Text(values, "InvoiceNumber")),
            "Items" => ("Code", Text(values, "Code")),
            _ => ("", null),
        };
        // The alias finds by address too, but rows are matched by name alone.
        if (key is not null && table.FindByKey(key).FirstOrDefault(row => string.Equals(row.Key, key, StringComparison.OrdinalIgnoreCase)) is { Table: not null } namesake)
        {
            if (!updates || (existing is { } own && own.Index != namesake.Index))
            {
                return (values, existing, $"The {name} {key} is already assigned to another. It must be unique.");
            }

            existing ??= namesake;
        }

        return (values, existing, Fault(table, values, existing is not null));
    }

    private static string? Fault(DataTable table, JsonObject values, bool exists) => table.Type switch
    {
        "Contacts" when !exists && Text(values, "Name") is null => "The contact name must be specified",
        "Contacts" when Text(values, "Name") is { Length: > 255 } => "The contact name must be 255 characters or fewer",
        "Contacts" when Text(values, "EmailAddress") is { } email && (!email.Contains('@', StringComparison.Ordinal) || email.Any(char.IsWhiteSpace)) => "Email address must be valid.",
        "Items" when !exists && Text(values, "Code") is null => "Item code must be supplied",
        "Items" when Text(values, "Code") is { Length: > 30 } => "Item code must be 30 characters or fewer",
        "Invoices" or "BankTransactions" when !exists && Text(values, "Type") is null => "Type is required",
        "Invoices" or "BankTransactions" when !exists && values["LineItems"] is not JsonArray { Count: > 0 } => "At least one line item is required",
        "Invoices" or "BankTransactions" when !exists && Contact(table, values) is null => "The contact was not found or not specified",
        "Payments" when !exists && Text(values["Invoice"] as JsonObject, "InvoiceID") is not { } invoice => "The invoice must be specified",
        "Payments" when !exists && (values["Amount"] is null || values["Account"] is null) => "Amount and Account are required",
        _ => null,
    };

    private static JsonObject Save(DataTable table, JsonObject values, Row? existing)
    {
        var body = existing is { } row ? row.ToObject() : [];
        foreach (var (name, value) in values)
        {
            body[name] = value?.DeepClone();
        }

        if (existing is null)
        {
            Complete(table, body);
        }

        if (body["LineItems"] is JsonArray lines)
        {
            Add(body, lines);
        }

        body["HasErrors"] = false;
        body["StatusAttributeString"] = "OK";
        return (existing is { } old ? table.Replace(old, body) : table.Add(body, null)).ToObject();
    }

    private static void Complete(DataTable table, JsonObject body)
    {
        switch (table.Type)
        {
            case "Contacts":
                body["ContactStatus"] ??= "ACTIVE";
                break;
            case "Invoices":
                body["Status"] ??= "DRAFT";
                body["CurrencyCode"] ??= "USD";
                body["InvoiceNumber"] ??= string.Create(CultureInfo.InvariantCulture, $"INV-{table.Snapshot.Total + 1:000000}");
                break;
            case "BankTransactions" or "Payments":
                body["Status"] ??= "AUTHORISED";
                break;
            default:
                body["Name"] ??= body["Code"]?.DeepClone();
                break;
        }

        if (Contact(table, body) is { } contact)
        {
            body["Contact"] = new JsonObject { ["ContactID"] = contact.Id, ["Name"] = contact.Key };
        }
    }

    private static void Add(JsonObject body, JsonArray lines)
    {
        foreach (var line in lines.OfType<JsonObject>())
        {
            line["LineAmount"] ??= (Number(line["Quantity"]) ?? 1) * (Number(line["UnitAmount"]) ?? 0);
        }

        var total = lines.Sum(line => Number(line?["LineAmount"]) ?? 0);
        (body["SubTotal"], body["Total"]) = (total, total);
        if (body["InvoiceNumber"] is not null)
        {
            body["AmountDue"] = total - (Number(body["AmountPaid"]) ?? 0);
        }
    }

    private static Row? Contact(DataTable table, JsonObject values)
    {
        var contacts = table.Account["Contacts"];
        return values["Contact"] is not JsonObject contact ? null
            : Text(contact, "ContactID") is { } id ? contacts.Find(id)
            : Text(contact, "Name") is { } name && contacts.FindByKey(name) is [var named, ..] ? named
            : null;
    }

    private static JsonObject Refused(JsonObject values, string fault)
    {
        var row = values.DeepClone().AsObject();
        (row["HasErrors"], row["StatusAttributeString"]) = (true, "ERROR");
        row["ValidationErrors"] = new JsonArray(new JsonObject { ["Message"] = fault });
        return row;
    }

    private static string? Text(JsonObject? values, string name) => values?[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    private static decimal? Number(JsonNode? value) => decimal.TryParse(value?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : null;
}

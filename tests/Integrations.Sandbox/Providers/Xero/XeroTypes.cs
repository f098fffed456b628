using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Xero;

/// <summary>Xero's objects. A contact that is deleted is an archived one; of the rest only items are really gone.</summary>
internal static class XeroTypes
{
    private static readonly string[] _states = ["PAID", "PAID", "PAID", "PAID", "AUTHORISED", "AUTHORISED", "SUBMITTED", "DRAFT"];

    public static IReadOnlyList<RowType> All { get; } =
    [
        new("Contacts", 10_000, RowIds.Guids("xero contact"), Contact) { Key = row => row.UniqueName(), KeyIn = body => body.Text("Name"), Alias = row => row.Email(), AliasIn = body => body.Text("EmailAddress"), Stamp = Stamp },
        new("Invoices", 10_000, RowIds.Guids("xero invoice"), Invoice) { Key = row => row.Number("INV-"), KeyIn = body => body.Text("InvoiceNumber"), Stamp = Stamp },
        new("Payments", 10_000, RowIds.Guids("xero payment"), Payment) { Stamp = Stamp },
        new("BankTransactions", 10_000, RowIds.Guids("xero bank"), BankTransaction) { Stamp = Stamp },
        new("Items", 500, RowIds.Guids("xero item"), Item) { Key = row => row.Sku(), KeyIn = body => body.Text("Code"), Stamp = Stamp },
        new("ExpenseClaims", 50, RowIds.Guids("xero claim"), ExpenseClaim) { Stamp = Stamp },
    ];

    /// <summary>The name of a type's id: <c>ContactID</c>.</summary>
    public static string IdName(string type) => type[..^1] + "ID";

    public static string Date(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"/Date({time.ToUnixTimeMilliseconds()}+0000)/");

    /// <summary>What the Type filter of invoices and bank transactions asks of.</summary>
    public static string? TypeOf(Row row) => row.Body is not null ? row.ToElement().Text("Type")
        : row.Table.Type == "Invoices" ? row.Hash(70) % 5 == 0 ? "ACCPAY" : "ACCREC"
        : row.Hash(70) % 3 == 0 ? "RECEIVE" : "SPEND";

    private static void Stamp(JsonObject body, Row row)
    {
        body[IdName(row.Table.Type)] = row.Id;
        body["UpdatedDateUTC"] = Date(row.Updated);
        if (row.IsDeleted)
        {
            body[row.Table.Type == "Contacts" ? "ContactStatus" : "Status"] = row.Table.Type switch
            {
                "Contacts" => "ARCHIVED",
                "Invoices" => "VOIDED",
                _ => "DELETED",
            };
        }
    }

    private static void Begin(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString(IdName(row.Table.Type), row.Id);
        writer.WriteString("UpdatedDateUTC", Date(row.Updated));
        writer.WriteBoolean("HasErrors", false);
    }

    private static void Dated(Utf8JsonWriter writer, string name, DateTimeOffset time)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        writer.WriteString(name, Date(day));
        writer.WriteString(name + "String", day.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
    }

    private static void Contact(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        var (city, state, zip, _, country) = row.Place();
        writer.WriteString("ContactStatus", row.IsDeleted ? "ARCHIVED" : "ACTIVE");
        writer.WriteString("Name", row.UniqueName());
        writer.WriteString("FirstName", row.FirstName());
        writer.WriteString("LastName", row.LastName());
        writer.WriteString("EmailAddress", row.Email() ?? "");
        writer.WriteText("AccountNumber", row.Number("C"), row);
        writer.WriteString("TaxNumber", "");
        writer.WriteStartArray("Addresses");
        writer.WriteStartObject();
        writer.WriteString("AddressType", "STREET");
        writer.WriteString("AddressLine1", row.Street());
        writer.WriteString("City", city);
        writer.WriteString("Region", state);
        writer.WriteString("PostalCode", zip);
        writer.WriteString("Country", country);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("Phones");
        writer.WriteStartObject();
        writer.WriteString("PhoneType", "DEFAULT");
        writer.WriteString("PhoneNumber", row.Phone());
        writer.WriteString("PhoneAreaCode", "");
        writer.WriteString("PhoneCountryCode", "");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("IsCustomer", row.Hash(71) % 4 != 0);
        writer.WriteBoolean("IsSupplier", row.Hash(71) % 4 == 0);
        writer.WriteString("DefaultCurrency", "USD");
        writer.WriteEndObject();
    }

    private static void ContactOf(Utf8JsonWriter writer, Row row)
    {
        var contact = row.Of("Contacts");
        writer.WriteStartObject("Contact");
        writer.WriteString("ContactID", contact.Id);
        writer.WriteString("Name", contact.UniqueName());
        writer.WriteEndObject();
    }

    private static void Invoice(Utf8JsonWriter writer, Row row)
    {
        var total = row.Total().Major();
        var state = row.IsDeleted ? "VOIDED" : row.Pick(_states, 72, revised: true);
        var paid = state == "PAID" ? total : 0;
        Begin(writer, row);
        writer.WriteString("Type", TypeOf(row));
        writer.WriteString("InvoiceNumber", row.Number("INV-"));
        writer.WriteString("Reference", row.Number("PO "));
        ContactOf(writer, row);
        Dated(writer, "Date", row.Created);
        Dated(writer, "DueDate", row.Due());
        writer.WriteString("Status", state);
        writer.WriteString("LineAmountTypes", "NoTax");
        Lines(writer, row);
        writer.WriteAmount("SubTotal", total, row);
        writer.WriteNumber("TotalTax", 0m);
        writer.WriteAmount("Total", total, row);
        writer.WriteNumber("AmountDue", total - paid);
        writer.WriteNumber("AmountPaid", paid);
        writer.WriteString("CurrencyCode", "USD");
        writer.WriteNumber("CurrencyRate", 1m);
        writer.WriteEndObject();
    }

    private static void Lines(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartArray("LineItems");
        for (var line = 0; line < row.Lines(); line++)
        {
            var (quantity, price) = row.Line(line);
            var item = row.Of("Items", TradeFacts.LineProduct + line);
            writer.WriteStartObject();
            writer.WriteString("LineItemID", $"{row.Id[..^4]}{line:0000}");
            writer.WriteString("Description", item.Product());
            writer.WriteNumber("Quantity", (decimal)quantity);
            writer.WriteNumber("UnitAmount", price.Major());
            writer.WriteString("ItemCode", item.Sku());
            writer.WriteString("AccountCode", "200");
            writer.WriteString("TaxType", "NONE");
            writer.WriteNumber("TaxAmount", 0m);
            writer.WriteNumber("LineAmount", (quantity * price).Major());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Payment(Utf8JsonWriter writer, Row row)
    {
        var invoice = row.Of("Invoices");
        Begin(writer, row);
        writer.WriteStartObject("Invoice");
        writer.WriteString("InvoiceID", invoice.Id);
        writer.WriteString("InvoiceNumber", invoice.Number("INV-"));
        writer.WriteEndObject();
        writer.WriteStartObject("Account");
        writer.WriteString("AccountID", Mint.Guid("xero", "bank account"));
        writer.WriteString("Code", "090");
        writer.WriteEndObject();
        writer.WriteString("Date", Date(new DateTimeOffset(row.Created.UtcDateTime.Date, TimeSpan.Zero)));
        writer.WriteAmount("Amount", invoice.Total().Major(), row);
        writer.WriteNumber("CurrencyRate", 1m);
        writer.WriteString("Reference", $"{row.Number("P-")}{(row.Revision > 0 ? " corrected" : "")}");
        writer.WriteString("Status", row.IsDeleted ? "DELETED" : "AUTHORISED");
        writer.WriteString("PaymentType", "ACCRECPAYMENT");
        writer.WriteEndObject();
    }

    private static void BankTransaction(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        writer.WriteString("Type", TypeOf(row));
        ContactOf(writer, row);
        Lines(writer, row);
        writer.WriteStartObject("BankAccount");
        writer.WriteString("AccountID", Mint.Guid("xero", "bank account"));
        writer.WriteString("Code", "090");
        writer.WriteString("Name", "Business account");
        writer.WriteEndObject();
        Dated(writer, "Date", row.Created);
        writer.WriteString("Reference", row.Number("B-"));
        writer.WriteBoolean("IsReconciled", row.Hash(73, revised: true) % 2 == 0);
        writer.WriteString("Status", row.IsDeleted ? "DELETED" : "AUTHORISED");
        writer.WriteAmount("Total", row.Total().Major(), row);
        writer.WriteString("CurrencyCode", "USD");
        writer.WriteEndObject();
    }

    private static void Item(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        writer.WriteString("Code", row.Sku());
        writer.WriteString("Name", row.Product());
        writer.WriteString("Description", row.Description());
        writer.WriteBoolean("IsSold", true);
        writer.WriteBoolean("IsPurchased", true);
        writer.WriteStartObject("SalesDetails");
        writer.WriteAmount("UnitPrice", row.Price().Major(), row);
        writer.WriteString("AccountCode", "200");
        writer.WriteString("TaxType", "NONE");
        writer.WriteEndObject();
        writer.WriteStartObject("PurchaseDetails");
        writer.WriteNumber("UnitPrice", (row.Price() / 2).Major());
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void ExpenseClaim(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        writer.WriteString("Status", row.IsPaid() ? "PAID" : "AUTHORISED");
        writer.WriteStartArray("Receipts");
        writer.WriteEndArray();
        writer.WriteStartObject("User");
        writer.WriteString("UserID", Mint.Guid("xero", "user", row.Index % 5));
        writer.WriteString("FirstName", row.FirstName());
        writer.WriteString("LastName", row.LastName());
        writer.WriteEndObject();
        writer.WriteNumber("Total", row.Total().Major());
        writer.WriteNumber("AmountDue", row.IsPaid() ? 0 : row.Total().Major());
        writer.WriteEndObject();
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.QuickBooks;

/// <summary>QuickBooks' objects. Names are never deleted but made inactive; transactions are really gone, and only change data capture tells.</summary>
internal static class QuickBooksTypes
{
    public static IReadOnlyList<RowType> All { get; } =
    [
        new("Customer", 10_000, RowIds.Counted, Person) { Key = row => row.UniqueName(), KeyIn = body => body.Text("DisplayName"), Alias = row => row.Email(), AliasIn = Address, Stamp = Stamp },
        new("Vendor", 1000, RowIds.Counted, Person) { Key = row => row.UniqueName(), KeyIn = body => body.Text("DisplayName"), Alias = row => row.Email(), AliasIn = Address, Stamp = Stamp },
        new("Item", 10_000, RowIds.Counted, Item) { Key = row => row.UniqueProduct(), KeyIn = body => body.Text("Name"), Alias = row => row.Sku(), AliasIn = body => body.Text("Sku"), Stamp = Stamp },
        new("Invoice", 10_000, RowIds.Counted, Invoice) { Key = row => row.Number("S-"), KeyIn = body => body.Text("DocNumber"), Stamp = Stamp },
        new("Payment", 10_000, RowIds.Counted, Payment) { Stamp = Stamp },
        new("Purchase", 10_000, RowIds.Counted, Purchase) { Stamp = Stamp },
    ];

    public static bool IsName(string type) => type is "Customer" or "Vendor" or "Item";

    public static string Time(DateTimeOffset time) => time.ToOffset(TimeSpan.FromHours(-8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static void Stamp(JsonObject body, Row row)
    {
        (body["Id"], body["SyncToken"]) = (row.Id, row.Revision.ToString(CultureInfo.InvariantCulture));
        (body["domain"], body["sparse"]) = ("QBO", false);
        body["MetaData"] = new JsonObject { ["CreateTime"] = Time(row.Created), ["LastUpdatedTime"] = Time(row.Updated) };
        if (IsName(row.Table.Type))
        {
            body["Active"] = !row.IsDeleted && body["Active"]?.GetValue<bool>() != false;
        }
    }

    private static string? Address(JsonElement body) => body.TryGetProperty("PrimaryEmailAddr", out var address) ? address.Text("Address") : null;

    private static void Begin(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("Id", row.Id);
        writer.WriteString("SyncToken", row.Revision.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("domain", "QBO");
        writer.WriteBoolean("sparse", false);
        writer.WriteStartObject("MetaData");
        writer.WriteString("CreateTime", Time(row.Created));
        writer.WriteString("LastUpdatedTime", Time(row.Updated));
        writer.WriteEndObject();
    }

    private static void Ref(Utf8JsonWriter writer, string name, string value, string? label = null)
    {
        writer.WriteStartObject(name);
        writer.WriteString("value", value);
        if (label is not null)
        {
            writer.WriteString("name", label);
        }

        writer.WriteEndObject();
    }

    private static void Person(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        var (city, state, zip, _, country) = row.Place();
        writer.WriteBoolean("Active", !row.IsDeleted);
        writer.WriteString("DisplayName", row.UniqueName());
        // What is empty is not there.
        if (row.FirstName() is { } first)
        {
            writer.WriteString("GivenName", first);
            writer.WriteString("FamilyName", row.LastName());
        }

        writer.WriteString("CompanyName", row.Company());
        if (row.Email() is { } email)
        {
            writer.WriteStartObject("PrimaryEmailAddr");
            writer.WriteString("Address", email);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("PrimaryPhone");
        writer.WriteText("FreeFormNumber", row.Phone(), row);
        writer.WriteEndObject();
        writer.WriteStartObject("BillAddr");
        writer.WriteString("Line1", row.Street());
        writer.WriteString("City", city);
        writer.WriteString("CountrySubDivisionCode", state);
        writer.WriteString("PostalCode", zip);
        writer.WriteString("Country", country);
        writer.WriteEndObject();
        writer.WriteAmount("Balance", 0m, row);
        Ref(writer, "CurrencyRef", "USD", "United States Dollar");
        writer.WriteEndObject();
    }

    private static void Item(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        writer.WriteBoolean("Active", !row.IsDeleted);
        writer.WriteString("Name", row.UniqueProduct());
        writer.WriteString("Sku", row.Sku());
        writer.WriteString("Description", row.Description());
        writer.WriteString("Type", "Service");
        writer.WriteAmount("UnitPrice", row.Price().Major(), row);
        writer.WriteNumber("PurchaseCost", (row.Price() / 2).Major());
        writer.WriteBoolean("TrackQtyOnHand", false);
        Ref(writer, "IncomeAccountRef", "79", "Sales of Product Income");
        writer.WriteEndObject();
    }

    private static void Invoice(Utf8JsonWriter writer, Row row)
    {
        var customer = row.Of("Customer");
        var total = row.Total().Major();
        Begin(writer, row);
        writer.WriteString("DocNumber", row.Number("S-"));
        writer.WriteString("TxnDate", row.Created.Day());
        writer.WriteString("DueDate", row.Due().Day());
        Ref(writer, "CustomerRef", customer.Id, customer.UniqueName());
        writer.WriteStartArray("Line");
        for (var line = 0; line < row.Lines(); line++)
        {
            var (quantity, price) = row.Line(line);
            var item = row.Of("Item", TradeFacts.LineProduct + line);
            writer.WriteStartObject();
            writer.WriteString("Id", (line + 1).ToString(CultureInfo.InvariantCulture));
            writer.WriteString("DetailType", "SalesItemLineDetail");
            writer.WriteNumber("Amount", (quantity * price).Major());
            writer.WriteString("Description", item.Product());
            writer.WriteStartObject("SalesItemLineDetail");
            Ref(writer, "ItemRef", item.Id, item.UniqueProduct());
            writer.WriteNumber("Qty", quantity);
            writer.WriteNumber("UnitPrice", price.Major());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteStartObject();
        writer.WriteString("DetailType", "SubTotalLineDetail");
        writer.WriteNumber("Amount", total);
        writer.WriteStartObject("SubTotalLineDetail");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteAmount("TotalAmt", total, row);
        writer.WriteNumber("Balance", row.IsPaid() ? 0 : total);
        Ref(writer, "CurrencyRef", "USD", "United States Dollar");
        if (customer.Email() is { } email)
        {
            writer.WriteStartObject("BillEmail");
            writer.WriteString("Address", email);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Payment(Utf8JsonWriter writer, Row row)
    {
        var invoice = row.Of("Invoice");
        var customer = invoice.Of("Customer");
        Begin(writer, row);
        writer.WriteString("TxnDate", row.Created.Day());
        writer.WriteAmount("TotalAmt", invoice.Total().Major(), row);
        Ref(writer, "CustomerRef", customer.Id, customer.UniqueName());
        Ref(writer, "PaymentMethodRef", "1");
        Ref(writer, "DepositToAccountRef", "35");
        Ref(writer, "CurrencyRef", "USD", "United States Dollar");
        writer.WriteString("PrivateNote", row.Revision > 0 ? "Corrected" : "");
        writer.WriteStartArray("Line");
        writer.WriteStartObject();
        writer.WriteNumber("Amount", invoice.Total().Major());
        writer.WriteStartArray("LinkedTxn");
        writer.WriteStartObject();
        writer.WriteString("TxnId", invoice.Id);
        writer.WriteString("TxnType", "Invoice");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Purchase(Utf8JsonWriter writer, Row row)
    {
        var vendor = row.Of("Vendor");
        Begin(writer, row);
        writer.WriteString("TxnDate", row.Created.Day());
        writer.WriteString("PaymentType", row.Hash(80, revised: true) % 2 == 0 ? "Cash" : "CreditCard");
        Ref(writer, "AccountRef", "42", "Visa");
        writer.WriteStartObject("EntityRef");
        writer.WriteString("value", vendor.Id);
        writer.WriteString("name", vendor.UniqueName());
        writer.WriteString("type", "Vendor");
        writer.WriteEndObject();
        writer.WriteStartArray("Line");
        writer.WriteStartObject();
        writer.WriteString("Id", "1");
        writer.WriteString("DetailType", "AccountBasedExpenseLineDetail");
        writer.WriteNumber("Amount", row.Total().Major());
        writer.WriteString("Description", row.Product());
        writer.WriteStartObject("AccountBasedExpenseLineDetail");
        Ref(writer, "AccountRef", "13", "Meals and Entertainment");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteAmount("TotalAmt", row.Total().Major(), row);
        Ref(writer, "CurrencyRef", "USD", "United States Dollar");
        writer.WriteEndObject();
    }
}

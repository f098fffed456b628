using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.AutoCount;

/// <summary>Debtors, products and invoices. Single records spell their fields in camel case; lists, in Pascal case.</summary>
internal static class AutoCountTypes
{
    public static readonly string[] CreditTerms = ["C.O.D.", "Net 14 days", "Net 30 days", "Net 60 days"];

    public static IReadOnlyList<RowType> All { get; } =
    [
        new("debtor", 10_000, RowIds.Counted, Debtor) { Key = AccountNumber, KeyIn = body => body.Text("accNo"), ContentId = (row => row.Key ?? "", ByKey), Stamp = Stamp },
        new("product", 10_000, RowIds.Counted, Product) { Key = row => row.Sku(), KeyIn = body => body.Text("productCode"), ContentId = (row => row.Key ?? "", ByKey), Stamp = Stamp },
        new("invoice", 10_000, RowIds.Counted, Invoice) { Key = row => row.Number("I-"), KeyIn = body => body.GetProperty("master").Text("docNo"), ContentId = (row => row.Key ?? "", ByKey), Stamp = Stamp },
    ];

    public static string AccountNumber(Row row) => string.Create(CultureInfo.InvariantCulture, $"300-{row.Index:000000}");

    private static Row? ByKey(DataTable table, string code) => table.FindByKey(code) is [var row, ..] ? row : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static void Stamp(JsonObject body, Row row)
    {
        switch (row.Table.Type)
        {
            case "debtor":
                body["isActive"] = !row.IsDeleted;
                break;
            case "product":
                body["status"] = row.IsDeleted ? "I" : "A";
                break;
            default:
                var master = body["master"]!.AsObject();
                (master["docKey"], master["lastModified"], master["cancelled"]) = (row.Index + 1, Time(row.Updated), row.IsDeleted);
                break;
        }
    }

    private static void Debtor(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("accNo", AccountNumber(row));
        writer.WriteString("parentAccNo", "300-0000");
        writer.WriteString("companyName", row.FullName());
        writer.WriteString("currencyCode", "MYR");
        writer.WriteString("creditTerm", row.Pick(CreditTerms, 130));
        writer.WriteText("registerNo", row.Number("2025"), row);
        writer.WriteBoolean("isActive", !row.IsDeleted);
        writer.WriteString("address", $"{row.Street()}\n{row.Place().City}\n{row.Place().CountryName}");
        writer.WriteString("postCode", row.Place().Zip);
        writer.WriteString("phone1", row.Phone());
        writer.WriteString("phone2", "");
        writer.WriteString("emailAddress", row.Email());
        writer.WriteString("webURL", row.Website());
        writer.WriteString("attention", row.FirstName());
        writer.WriteString("salesAgent", "");
        writer.WriteEndObject();
    }

    private static void Product(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("productCode", row.Sku());
        writer.WriteText("productName", row.Product(), row);
        writer.WriteString("productType", "I");
        writer.WriteString("status", row.IsDeleted ? "I" : "A");
        writer.WriteString("unit", "UNIT");
        writer.WriteAmount("price", row.Price().Major(), row);
        writer.WriteNumber("cost", (row.Price() / 2).Major());
        writer.WriteString("productCategoryName", "General");
        writer.WriteString("barCode", row.Number("955"));
        writer.WriteString("note", row.Description());
        writer.WriteEndObject();
    }

    private static void Invoice(Utf8JsonWriter writer, Row row)
    {
        var debtor = row.Of("debtor");
        var total = row.Total().Major();
        writer.WriteStartObject();
        writer.WriteStartObject("master");
        writer.WriteNumber("docKey", row.Index + 1);
        writer.WriteString("docNo", row.Number("I-"));
        writer.WriteString("docDate", row.Created.Day());
        writer.WriteString("dueDate", row.Due().Day());
        writer.WriteString("debtorCode", AccountNumber(debtor));
        writer.WriteString("debtorName", debtor.FullName());
        writer.WriteString("currencyCode", "MYR");
        writer.WriteNumber("currencyRate", 1m);
        writer.WriteString("email", debtor.Email());
        writer.WriteString("description", row.Revision > 0 ? "Sales, corrected" : "Sales");
        writer.WriteString("creditTerm", debtor.Pick(CreditTerms, 130));
        writer.WriteString("salesLocation", "HQ");
        writer.WriteBoolean("inclusiveTax", false);
        writer.WriteBoolean("cancelled", row.IsDeleted);
        writer.WriteNumber("totalExTax", total);
        writer.WriteNumber("tax", 0m);
        writer.WriteAmount("netTotal", total, row);
        writer.WriteString("lastModified", Time(row.Updated));
        writer.WriteEndObject();
        writer.WriteStartArray("details");
        for (var line = 0; line < row.Lines(); line++)
        {
            var (quantity, price) = row.Line(line);
            var product = row.Of("product", TradeFacts.LineProduct + line);
            writer.WriteStartObject();
            writer.WriteString("productCode", product.Sku());
            writer.WriteString("description", product.Product());
            writer.WriteString("unit", "UNIT");
            writer.WriteNumber("qty", (decimal)quantity);
            writer.WriteNumber("unitPrice", price.Major());
            writer.WriteNumber("subTotal", (quantity * price).Major());
            writer.WriteString("accNo", "500-0000");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

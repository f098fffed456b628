using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.SqlAccounting;

/// <summary>Customers and stock items, which are known by their code, and invoices, which have a number of their own too.</summary>
internal static class SqlAccountingTypes
{
    public static IReadOnlyList<RowType> All { get; } =
    [
        new("customer", 10_000, RowIds.Counted, Customer) { Key = row => CustomerCode(row), KeyIn = body => body.Text("code"), ContentId = (row => row.Key ?? "", ByKey), Stamp = Stamp },
        new("stockitem", 10_000, RowIds.Counted, StockItem) { Key = row => row.Sku(), KeyIn = body => body.Text("code"), ContentId = (row => row.Key ?? "", ByKey), Stamp = Stamp },
        new("salesinvoice", 10_000, RowIds.Counted, SalesInvoice) { Key = row => row.Number("IV-"), KeyIn = body => body.Text("docno"), Stamp = Stamp },
    ];

    /// <summary>Lists have the head of a record only; these are its parts.</summary>
    public static bool IsDetail(string name) => name.StartsWith("sds", StringComparison.Ordinal);

    private static Row? ByKey(DataTable table, string code) => table.FindByKey(code) is [var row, ..] ? row : null;

    private static string CustomerCode(Row row) => string.Create(CultureInfo.InvariantCulture, $"300-{row.Index:000000}");

    private static void Stamp(JsonObject body, Row row)
    {
        body["lastmodified"] = row.Updated.ToUnixTimeSeconds();
        body["updatecount"] = row.Revision;
        if (row.Table.Type == "salesinvoice")
        {
            body["dockey"] = row.Index + 1;
        }
    }

    private static void End(Utf8JsonWriter writer, Row row)
    {
        writer.WriteNumber("lastmodified", row.Updated.ToUnixTimeSeconds());
        writer.WriteNumber("updatecount", row.Revision);
        writer.WriteEndObject();
    }

    private static void Customer(Utf8JsonWriter writer, Row row)
    {
        var (city, state, zip, country, _) = row.Place();
        writer.WriteStartObject();
        writer.WriteString("code", CustomerCode(row));
        writer.WriteString("controlaccount", "300-0000");
        writer.WriteString("companyname", row.FullName());
        writer.WriteString("companyname2", row.Company());
        writer.WriteString("area", "----");
        writer.WriteString("agent", "----");
        writer.WriteString("creditterm", "30 Days");
        writer.WriteAmount("creditlimit", 30_000, row);
        writer.WriteString("currencycode", "----");
        writer.WriteString("status", "A");
        writer.WriteText("brn", row.Number("2025"), row);
        writer.WriteString("tin", row.Number("C"));
        writer.WriteStartArray("sdsbranch");
        writer.WriteStartObject();
        writer.WriteNumber("dtlkey", row.Index + 1);
        writer.WriteString("branchtype", "B");
        writer.WriteString("branchname", "BILLING");
        writer.WriteString("address1", row.Street());
        writer.WriteString("address2", "");
        writer.WriteString("address3", "");
        writer.WriteString("address4", "");
        writer.WriteString("postcode", zip);
        writer.WriteString("city", city);
        writer.WriteString("state", state);
        writer.WriteString("country", country);
        writer.WriteString("attention", row.FirstName());
        writer.WriteString("phone1", row.Phone());
        writer.WriteString("mobile", row.Mobile());
        writer.WriteString("email", row.Email());
        writer.WriteEndObject();
        writer.WriteEndArray();
        End(writer, row);
    }

    private static void StockItem(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("code", row.Sku());
        writer.WriteText("description", row.Product(), row);
        writer.WriteString("stockgroup", "DEFAULT");
        writer.WriteString("uom", "UNIT");
        writer.WriteAmount("refprice", row.Price().Major(), row);
        writer.WriteNumber("refcost", (row.Price() / 2).Major());
        writer.WriteString("remark1", row.Description());
        writer.WriteString("remark2", "");
        writer.WriteBoolean("isactive", true);
        writer.WriteStartArray("sdsuom");
        writer.WriteStartObject();
        writer.WriteString("uom", "UNIT");
        writer.WriteNumber("rate", 1);
        writer.WriteNumber("refprice", row.Price().Major());
        writer.WriteBoolean("isbase", true);
        writer.WriteEndObject();
        writer.WriteEndArray();
        End(writer, row);
    }

    private static void SalesInvoice(Utf8JsonWriter writer, Row row)
    {
        var customer = row.Of("customer");
        var total = row.Total().Major();
        writer.WriteStartObject();
        writer.WriteNumber("dockey", row.Index + 1);
        writer.WriteString("docno", row.Number("IV-"));
        writer.WriteString("docdate", row.Created.Day());
        writer.WriteString("postdate", row.Created.Day());
        writer.WriteString("taxdate", row.Created.Day());
        writer.WriteString("code", CustomerCode(customer));
        writer.WriteString("companyname", customer.FullName());
        writer.WriteString("terms", "30 Days");
        writer.WriteString("agent", "----");
        writer.WriteString("currencycode", "----");
        writer.WriteNumber("currencyrate", 1m);
        writer.WriteString("description", row.Revision > 0 ? "Sales, corrected" : "Sales");
        writer.WriteAmount("docamt", total, row);
        writer.WriteNumber("localdocamt", total);
        writer.WriteBoolean("cancelled", false);
        writer.WriteString("status", "");
        writer.WriteStartArray("sdsdocdetail");
        for (var line = 0; line < row.Lines(); line++)
        {
            var (quantity, price) = row.Line(line);
            var item = row.Of("stockitem", TradeFacts.LineProduct + line);
            writer.WriteStartObject();
            writer.WriteNumber("dtlkey", (row.Index * 10) + line + 1);
            writer.WriteNumber("seq", (line + 1) * 1000);
            writer.WriteString("itemcode", item.Sku());
            writer.WriteString("description", item.Product());
            writer.WriteNumber("qty", quantity);
            writer.WriteString("uom", "UNIT");
            writer.WriteNumber("rate", 1);
            writer.WriteNumber("unitprice", price.Major());
            writer.WriteString("disc", "");
            writer.WriteString("tax", "");
            writer.WriteNumber("taxamt", 0m);
            writer.WriteBoolean("taxinclusive", false);
            writer.WriteNumber("amount", (quantity * price).Major());
            writer.WriteNumber("localamount", (quantity * price).Major());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        End(writer, row);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>The lines of an invoice: generated ones, and those that invoice items become.</summary>
internal static class StripeLines
{
    public static void Write(Utf8JsonWriter writer, Row invoice)
    {
        writer.WriteStartObject("lines");
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        var currency = invoice.Currency();
        var unit = currency == "jpy" ? 100 : 1;
        for (var line = 0; line < invoice.Lines(); line++)
        {
            var (quantity, price) = invoice.Line(line);
            var product = invoice.Of("products", TradeFacts.LineProduct + line);
            writer.WriteStartObject();
            writer.WriteString("id", $"il_{invoice.Id[3..]}{line}");
            writer.WriteString("object", "line_item");
            writer.WriteNumber("amount", quantity * price / unit);
            writer.WriteString("currency", currency);
            writer.WriteString("description", product.Product());
            writer.WriteString("invoice", invoice.Id);
            writer.WriteStartObject("pricing");
            writer.WriteString("type", "price_details");
            writer.WriteStartObject("price_details");
            writer.WriteString("product", product.Id);
            writer.WriteEndObject();
            writer.WriteNumber("unit_amount_decimal", price / unit);
            writer.WriteEndObject();
            writer.WriteNumber("quantity", quantity);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("has_more", false);
        writer.WriteString("url", $"/v1/invoices/{invoice.Id}/lines");
        writer.WriteEndObject();
    }

    /// <summary>Puts an item on a draft, and adds up anew.</summary>
    public static void Add(JsonObject invoice, JsonObject item)
    {
        var lines = invoice["lines"]!["data"]!.AsArray();
        lines.Add(new JsonObject
        {
            ["id"] = $"il_{item["id"]!.GetValue<string>()[3..]}",
            ["object"] = "line_item",
            ["amount"] = item["amount"]!.DeepClone(),
            ["currency"] = item["currency"]!.DeepClone(),
            ["description"] = item["description"]?.DeepClone(),
            ["invoice"] = invoice["id"]?.DeepClone(),
            ["pricing"] = item["pricing"]?.DeepClone(),
            ["quantity"] = item["quantity"]!.DeepClone(),
        });
        var total = lines.Sum(line => line!["amount"]!.GetValue<long>());
        foreach (var name in (string[])["subtotal", "total", "amount_due", "amount_remaining"])
        {
            invoice[name] = total;
        }
    }
}

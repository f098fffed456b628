using System.Globalization;
using System.Text.Json.Nodes;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>Objects before anything was said of them.</summary>
internal static class StripeBlanks
{
    public static JsonObject Of(string type) => JsonNode.Parse(type switch
    {
        "customers" => """
            {"object":"customer","livemode":false,"address":null,"balance":0,"currency":null,"default_source":null,"delinquent":false,"description":null,"email":null,
            "metadata":{},"name":null,"phone":null,"preferred_locales":[],"shipping":null,"tax_exempt":"none"}
            """,
        "products" => """
            {"object":"product","livemode":false,"active":true,"default_price":null,"description":null,"images":[],"metadata":{},"name":null,"shippable":null,
            "type":"service","unit_label":null,"url":null}
            """,
        "prices" => """
            {"object":"price","livemode":false,"active":true,"billing_scheme":"per_unit","currency":null,"metadata":{},"nickname":null,"product":null,"recurring":null,
            "type":"one_time","unit_amount":null}
            """,
        "invoices" => """
            {"object":"invoice","livemode":false,"amount_due":0,"amount_paid":0,"amount_remaining":0,"auto_advance":false,"collection_method":"charge_automatically",
            "currency":"usd","customer":null,"description":null,"due_date":null,"hosted_invoice_url":null,"invoice_pdf":null,
            "lines":{"object":"list","data":[],"has_more":false},"metadata":{},"number":null,"parent":null,"status":"draft","subtotal":0,"total":0,"total_taxes":[]}
            """,
        _ => """{"object":"invoiceitem","livemode":false,"amount":0,"currency":"usd","customer":null,"description":null,"invoice":null,"metadata":{},"pricing":null,"quantity":1}""",
    })!.AsObject();

    /// <summary>The amount of an item that was given by its price.</summary>
    public static void PriceItem(JsonObject item)
    {
        var quantity = item["quantity"]?.GetValue<long>() ?? 1;
        item["quantity"] = quantity;
        var exact = item["price_data"]?["unit_amount_decimal"] ?? item["unit_amount_decimal"];
        var unit = item["price_data"]?["unit_amount"]?.GetValue<long>() ?? (decimal.TryParse(exact?.ToString(), CultureInfo.InvariantCulture, out var given) ? given : (decimal?)null);
        if (unit is { } price)
        {
            item["amount"] = (long)decimal.Round(price * quantity);
        }

        if (item["price_data"]?["currency"] is { } currency)
        {
            item["currency"] = currency.DeepClone();
        }

        if (item["price_data"]?["product"] is { } product)
        {
            item["pricing"] = new JsonObject { ["type"] = "price_details", ["price_details"] = new JsonObject { ["product"] = product.DeepClone() } };
        }

        item.Remove("price_data");
        item.Remove("unit_amount_decimal");
    }
}

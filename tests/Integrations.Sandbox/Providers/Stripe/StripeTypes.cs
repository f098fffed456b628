using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>Stripe's objects. Note: there is no time of change in them but in products; what changed is told by events.</summary>
internal static class StripeTypes
{
    private static readonly string[] _invoiceStates = ["paid", "paid", "paid", "paid", "paid", "paid", "open", "open", "draft", "void"];
    private static readonly string[] _paymentStates = ["succeeded", "succeeded", "succeeded", "succeeded", "processing", "requires_payment_method", "canceled"];
    private static readonly string[] _subscriptionStates = ["active", "active", "active", "active", "trialing", "past_due", "canceled"];

    public static IReadOnlyList<RowType> All { get; } =
    [
        new("customers", 10_000, RowIds.Prefixed("cus_", 14), Customer) { Key = row => row.Email(), KeyIn = body => body.Text("email"), Stamp = Stamp },
        new("products", 10_000, RowIds.Prefixed("prod_", 14), Product) { Stamp = Stamp },
        new("prices", 10_000, RowIds.Prefixed("price_1", 23), Price) { Stamp = Stamp },
        new("invoices", 10_000, RowIds.Prefixed("in_1", 23), Invoice) { Stamp = Stamp },
        new("payment_intents", 10_000, RowIds.Prefixed("pi_3", 23), Payment) { Stamp = Stamp },
        new("subscriptions", 1000, RowIds.Prefixed("sub_1", 23), Subscription) { Stamp = Stamp },
        new("invoiceitems", 0, RowIds.Prefixed("ii_1", 23), static (writer, _) => writer.WriteNullValue()) { Stamp = Stamp },
    ];

    /// <summary>The object's name in <c>object</c>.</summary>
    public static string ObjectOf(string type) => type == "invoiceitems" ? "invoiceitem" : type[..^1];

    private static void Stamp(JsonObject body, Row row)
    {
        body["id"] = row.Id;
        body["created"] = row.Created.ToUnixTimeSeconds();
        if (row.Table.Type == "products")
        {
            body["updated"] = row.Updated.ToUnixTimeSeconds();
        }
    }

    private static void Begin(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("object", ObjectOf(row.Table.Type));
        writer.WriteNumber("created", row.Created.ToUnixTimeSeconds());
        writer.WriteBoolean("livemode", false);
    }

    private static void Customer(Utf8JsonWriter writer, Row row)
    {
        Begin(writer, row);
        var (city, state, zip, country, _) = row.Place();
        writer.WriteStartObject("address");
        writer.WriteString("city", city);
        writer.WriteString("country", country);
        writer.WriteString("line1", row.Street());
        writer.WriteNull("line2");
        writer.WriteString("postal_code", zip);
        writer.WriteString("state", state);
        writer.WriteEndObject();
        writer.WriteAmount("balance", 0, row);
        writer.WriteNull("currency");
        writer.WriteNull("default_source");
        writer.WriteBoolean("delinquent", false);
        writer.WriteString("description", row.Title());
        writer.WriteString("email", row.Email());
        writer.WriteStartObject("metadata");
        writer.WriteString("company", row.Company());
        writer.WriteEndObject();
        writer.WriteString("name", row.FullName());
        writer.WriteText("phone", row.Phone(), row);
        writer.WriteStartArray("preferred_locales");
        writer.WriteEndArray();
        writer.WriteNull("shipping");
        writer.WriteString("tax_exempt", "none");
        writer.WriteEndObject();
    }

    private static void Product(Utf8JsonWriter writer, Row row)
    {
        var prices = row.Table.Account["prices"];
        Begin(writer, row);
        writer.WriteBoolean("active", row.Hash(50) % 20 != 0);
        writer.WriteString("default_price", row.Index < prices.Generated ? prices.IdOf(row.Index) : null);
        writer.WriteString("description", row.Description());
        writer.WriteStartArray("images");
        writer.WriteEndArray();
        writer.WriteStartObject("metadata");
        writer.WriteString("sku", row.Sku());
        writer.WriteEndObject();
        writer.WriteText("name", row.Product(), row);
        writer.WriteNull("shippable");
        writer.WriteString("type", "service");
        writer.WriteNull("unit_label");
        writer.WriteNumber("updated", row.Updated.ToUnixTimeSeconds());
        writer.WriteNull("url");
        writer.WriteEndObject();
    }

    private static void Price(Utf8JsonWriter writer, Row row)
    {
        var products = row.Table.Account["products"];
        Begin(writer, row);
        writer.WriteBoolean("active", true);
        writer.WriteString("billing_scheme", "per_unit");
        writer.WriteString("currency", row.Currency());
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteNull("nickname");
        writer.WriteString("product", products.IdOf(row.Index % Math.Max(1, products.Generated)));
        writer.WriteNull("recurring");
        writer.WriteString("type", "one_time");
        writer.WriteAmount("unit_amount", Minor(row, row.Price()), row);
        writer.WriteEndObject();
    }

    private static void Invoice(Utf8JsonWriter writer, Row row)
    {
        var customer = row.Of("customers");
        var total = Minor(row, row.Total());
        var state = row.Pick(_invoiceStates, 51, revised: true);
        var paid = state == "paid" ? total : 0;
        Begin(writer, row);
        writer.WriteNumber("amount_due", total);
        writer.WriteNumber("amount_paid", paid);
        writer.WriteNumber("amount_remaining", total - paid);
        writer.WriteBoolean("auto_advance", false);
        writer.WriteString("collection_method", "send_invoice");
        writer.WriteString("currency", row.Currency());
        writer.WriteString("customer", customer.Id);
        writer.WriteString("customer_email", customer.Email());
        writer.WriteString("customer_name", customer.FullName());
        writer.WriteNull("description");
        writer.WriteNumber("due_date", row.Due().ToUnixTimeSeconds());
        writer.WriteString("hosted_invoice_url", state == "draft" ? null : $"https://invoice.stripe.example/i/{row.Id}");
        writer.WriteString("invoice_pdf", state == "draft" ? null : $"https://invoice.stripe.example/i/{row.Id}/pdf");
        StripeLines.Write(writer, row);
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteString("number", state == "draft" ? null : row.Number("INV-"));
        writer.WriteNull("parent");
        writer.WriteString("status", state);
        writer.WriteNumber("subtotal", total);
        writer.WriteNumber("total", total);
        writer.WriteStartArray("total_taxes");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Payment(Utf8JsonWriter writer, Row row)
    {
        var customer = row.Of("customers");
        var amount = Minor(row, row.Total());
        var state = row.Pick(_paymentStates, 52, revised: true);
        Begin(writer, row);
        writer.WriteAmount("amount", amount, row);
        writer.WriteNumber("amount_received", state == "succeeded" ? amount : 0);
        writer.WriteString("currency", row.Currency());
        writer.WriteString("customer", customer.Id);
        writer.WriteString("description", row.Number("Order "));
        writer.WriteString("latest_charge", state == "succeeded" ? "ch_" + row.Id[3..] : null);
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteString("receipt_email", customer.Email());
        writer.WriteString("status", state);
        writer.WriteEndObject();
    }

    private static void Subscription(Utf8JsonWriter writer, Row row)
    {
        var state = row.Pick(_subscriptionStates, 53, revised: true);
        var price = row.Of("prices");
        Begin(writer, row);
        writer.WriteBoolean("cancel_at_period_end", false);
        if (state == "canceled")
        {
            writer.WriteNumber("canceled_at", row.Updated.ToUnixTimeSeconds());
        }
        else
        {
            writer.WriteNull("canceled_at");
        }

        writer.WriteString("currency", row.Currency());
        writer.WriteString("customer", row.Of("customers").Id);
        writer.WriteStartObject("items");
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        writer.WriteStartObject();
        writer.WriteString("id", "si_" + row.Id[4..]);
        writer.WriteString("object", "subscription_item");
        writer.WriteNumber("current_period_start", row.Created.ToUnixTimeSeconds());
        writer.WriteNumber("current_period_end", row.Due().ToUnixTimeSeconds());
        writer.WritePropertyName("price");
        price.WriteTo(writer);
        writer.WriteNumber("quantity", 1 + (row.Hash(54) % 5));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("has_more", false);
        writer.WriteEndObject();
        writer.WriteNull("latest_invoice");
        writer.WriteNumber("start_date", row.Created.ToUnixTimeSeconds());
        writer.WriteString("status", state);
        writer.WriteEndObject();
    }

    // Currencies without a minor unit have whole amounts.
    private static long Minor(Row row, long amount) => row.Currency() == "jpy" ? amount / 100 : amount;
}

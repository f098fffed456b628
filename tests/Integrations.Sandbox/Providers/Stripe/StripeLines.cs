using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>The lines of an invoice: generated ones, and those that invoice items become.</summary>
internal static class StripeLines
{
    private const int MaxCarried = 10;

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

    /// <summary>Writes an object as lists and answers have it: an invoice carries its first lines only.</summary>
    public static void WriteTo(Utf8JsonWriter writer, Row row)
    {
        if (row is { Body: null } || row.Table.Type != "invoices")
        {
            row.WriteTo(writer);
            return;
        }

        var body = row.ToObject();
        var lines = body["lines"]!.AsObject();
        var all = lines["data"]!.AsArray();
        lines["has_more"] = all.Count > MaxCarried;
        while (all.Count > MaxCarried)
        {
            all.RemoveAt(MaxCarried);
        }

        body.WriteTo(writer, DataAnswer.AsWritten);
    }

    /// <summary>GET /v1/invoices/{id}/lines.</summary>
    public static IResult List(StripeLists lists, HttpContext context, DataTable invoices)
    {
        var id = context.Request.RouteValues["id"]!.ToString()!;
        if (invoices.Find(id) is not { IsDeleted: false } invoice)
        {
            return StripeLists.Missing("invoices", id, "id");
        }

        var query = context.Request.Query;
        if (query.Keys.FirstOrDefault(name => name is not ("limit" or "starting_after" or "ending_before")) is { } unknown)
        {
            return lists.Refused(context, $"Received unknown parameter: {unknown}", "parameter_unknown", unknown);
        }

        if (!StripeLists.TryLimit(query, out var limit))
        {
            return lists.Refused(context, "Invalid limit: must be between 1 and 100.", "parameter_invalid_integer", "limit");
        }

        var all = invoice.ToObject()["lines"]!["data"]!.AsArray();
        var after = query["starting_after"].ToString();
        var first = after.Length == 0 ? 0 : all.TakeWhile(line => line!["id"]!.GetValue<string>() != after).Count() + 1;
        return first > all.Count
            ? lists.Refused(context, $"No such line item: '{after}'", "resource_missing", "starting_after")
            : Answer.Json(new
            {
                @object = "list",
                url = $"/v1/invoices/{id}/lines",
                has_more = all.Count > first + limit,
                data = all.Skip(first).Take(limit).ToList(),
            });
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

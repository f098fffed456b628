using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Integrations.Core.Providers.Connectors;

/// <summary>The lines of Stripe's invoices. An invoice carries its first ten; the others have a list of their own.</summary>
internal static class StripeLines
{
    /// <summary>Where a line names its product.</summary>
    public const string Product = "pricing.price_details.product";

    // Stripe takes prices with so many places.
    private const int UnitPlaces = 12;

    /// <summary>The object with all its lines, when it is an invoice that has more than it carries.</summary>
    public static async Task<JsonElement> CompleteAsync(ProviderSession session, JsonElement item, CancellationToken cancellationToken)
    {
        if (item.TextAt("lines", "has_more") != "true" || item.TextAt("id") is not { } id)
        {
            return item;
        }

        JsonArray lines = [];
        var isMore = true;
        try
        {
            for (var after = ""; isMore;)
            {
                var page = (await session.GetAsync($"/v1/invoices/{Uri.EscapeDataString(id)}/lines?limit={StripeData.Lot}{after}", cancellationToken)).Json;
                var found = page.ItemsAt("data").ToList();
                found.ForEach(line => lines.Add(JsonNode.Parse(line.GetRawText())));
                isMore = page.TextAt("has_more") == "true" && found.Count > 0;
                after = isMore ? $"&starting_after={Uri.EscapeDataString(found[^1].TextAt("id") ?? "")}" : "";
            }
        }
        catch (ProviderFault fault) when (fault.Status == HttpStatusCode.NotFound)
        {
            // It was deleted since; that is told too.
            return item;
        }

        var whole = JsonObject.Create(item)!;
        whole["lines"] = new JsonObject { ["data"] = lines };
        return JsonSerializer.SerializeToElement(whole);
    }

    /// <summary>Puts the lines of a new draft on it.</summary>
    public static async Task WriteAsync(ProviderSession session, OutgoingRow row, string invoice, CancellationToken cancellationToken)
    {
        if (row.Content["lines"]?["data"] is not JsonArray lines)
        {
            return;
        }

        var currency = StripeData.Text(row.Content["currency"]).ToLowerInvariant();
        foreach (var (index, line) in lines.Index())
        {
            if (line is not JsonObject values || values["amount"] is not { } amount)
            {
                continue;
            }

            List<KeyValuePair<string, string>> form =
            [
                new("invoice", invoice),
                new("customer", StripeData.Text(row.Content["customer"])),
                new("description", StripeData.Text(values["description"])),
            ];
            var total = decimal.Parse(StripeData.Text(amount), CultureInfo.InvariantCulture);
            // A price is not negative; an amount may be.
            if (total >= 0 && values["pricing"]?["price_details"]?["product"] is { } product)
            {
                var quantity = Quantity(values["quantity"]);
                form.Add(new("price_data[product]", StripeData.Text(product)));
                form.Add(new("price_data[currency]", currency));
                form.Add(new("price_data[unit_amount_decimal]", decimal.Round(total / quantity, UnitPlaces).ToString("0.############", CultureInfo.InvariantCulture)));
                form.Add(new("quantity", quantity.ToString(CultureInfo.InvariantCulture)));
            }
            else
            {
                form.Add(new("currency", currency));
                form.Add(new("amount", StripeData.Text(amount)));
            }

            await StripeData.PostAsync(session, "/v1/invoiceitems", [.. form.Where(pair => pair.Value.Length > 0)], $"{row.Key}-{index}-{row.Print}", cancellationToken);
        }
    }

    // Stripe counts whole pieces. Of anything else there is one, which costs the amount.
    private static long Quantity(JsonNode? value) => value is not null && decimal.TryParse(StripeData.Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var quantity)
        && quantity >= 1 && quantity == decimal.Truncate(quantity) && quantity < int.MaxValue ? (long)quantity : 1;
}

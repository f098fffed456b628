namespace Integrations.Web.Help;

/// <summary>A filter of the help page and what it does to the page's event. A test evaluates each.</summary>
internal sealed record FilterExample(string Filter, string Meaning, bool Matches);

internal static class FilterExamples
{
    public const string Type = "invoice.paid";

    public const string Data =
        """
        {
          "number": "INV-1001",
          "amount": 149.90,
          "currency": "EUR",
          "paidAt": null,
          "first invoice": true,
          "customer": { "email": "ann@example.org", "tags": ["vip", "new"] },
          "lines": [{ "sku": "A-1", "quantity": 2 }, { "sku": "B-7", "quantity": 1 }]
        }
        """;

    public static IReadOnlyList<FilterExample> All { get; } =
    [
        new("data.amount >= 100", "The amount is at least 100.", true),
        new("""data.currency in ["USD", "EUR"]""", "The currency is one of two.", true),
        new("""data.amount >= 100 && data.currency == "USD" """.TrimEnd(), "Both have to hold.", false),
        new("""type == "invoice.paid" || data.amount > 1000""", "One of both has to hold.", true),
        new("""!(data.customer.email endsWith "@example.com")""", "The address is not at example.com.", true),
        new("""data.customer.tags contains "vip" """.TrimEnd(), "The list holds the text vip.", true),
        new("""data.number contains "100" """.TrimEnd(), "The text has 100 in it.", true),
        new("""type startsWith "invoice." """.TrimEnd(), "The event is of the family invoice.", true),
        new("""data.lines[0].sku == "A-1" """.TrimEnd(), "The first line, counted from 0, has this sku.", true),
        new("""data["first invoice"]""", "A member with an odd name is true.", true),
        new("exists(data.coupon)", "There is a member coupon.", false),
        new("exists(data.paidAt)", "There is a member paidAt, even though it is null.", true),
        new("data.paidAt == null and data.coupon == null", "Both are null, or are not there.", true),
        new("""data.amount == "149.90" """.TrimEnd(), "A number is never equal to a text.", false),
        new("data.coupon < 10", "What is not there is neither less nor more than anything.", false),
    ];
}

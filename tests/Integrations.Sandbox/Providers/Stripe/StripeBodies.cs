namespace Integrations.Sandbox.Providers.Stripe;

internal static class StripeBodies
{
    public static object Balance() => new
    {
        @object = "balance",
        available = new[] { new { amount = 1_284_500, currency = "usd", source_types = new { card = 1_284_500 } } },
        livemode = false,
        pending = new[] { new { amount = 43_200, currency = "usd", source_types = new { card = 43_200 } } },
    };

    public static object Account(string id, SandboxAccount account) => new
    {
        id,
        @object = "account",
        business_profile = new { name = account.Company, url = $"https://{account.Email.Split('@')[1]}" },
        charges_enabled = true,
        country = "US",
        default_currency = "usd",
        email = account.Email,
        settings = new { dashboard = new { display_name = account.Company, timezone = "Etc/UTC" } },
        type = "standard",
    };
}

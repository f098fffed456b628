using System.Net.Http.Headers;

namespace Integrations.Core.Providers.Connectors;

public sealed class StripeConnector : Connector
{
    private const string AccountFact = "stripe_user_id";

    public override ConnectorInfo Info { get; } = new(
        "stripe", "Stripe", ProviderCategory.Payments, "Payments, subscriptions and invoices.", ["Payments", "Subscriptions", "Invoicing"], "https://docs.stripe.com/api",
        new ProviderTile("St", "#4b44c8"));

    public override ConnectorHelp Help { get; } = new(
        [
            "With a key: open Developers, API keys in the Stripe dashboard and make a restricted key (rk_…) that may read what you want to sync, and write customers, products and invoices if the hub should. A secret key (sk_…) works too, but may do everything.",
            "With OAuth, for platforms on Stripe Connect: open Settings, Connect, OAuth and add the hub's redirect URI. The client id is the one that begins with ca_; the client secret is the platform's secret key.",
        ],
        [
            "OAuth of Stripe Connect is for platforms. To connect an account of your own, a restricted key is the shorter way.",
            "A restricted key that may not read the balance is taken as genuine when Stripe answers that it lacks the permission.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new FieldsMethod(AuthMode.ApiKey, [new("apiKey", "Secret or restricted key", "^(sk|rk)_(test|live)_[A-Za-z0-9]{10,247}$", "It begins with sk_live_, sk_test_, rk_live_ or rk_test_.")]),
        new OAuthMethod("https://connect.stripe.com/oauth/authorize", "https://connect.stripe.com/oauth/token")
        {
            RevocationUrl = "https://connect.stripe.com/oauth/deauthorize",
            BaseScopes = ["read_write"],
            ClientAuthentication = ClientAuthentication.SecretOnly,
            TokenFacts = [AccountFact, "livemode"],
            ClientEnvironment = ("STRIPE_CLIENT_ID", "STRIPE_CLIENT_SECRET"),
        },
    ];

    // Stripe's OAuth knows one scope for everything, and a key carries its own rights.
    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:customers", "Read customers", []),
        new("write:customers", "Create and change customers", []),
        new("read:products", "Read products and prices", []),
        new("write:products", "Create and change products", []),
        new("read:invoices", "Read invoices", []),
        new("write:invoices", "Create draft invoices", []),
        new("read:payments", "Read payments", []),
        new("read:subscriptions", "Read subscriptions", []),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => StripeData.Types;

    public override string ApiBaseUrl => "https://api.stripe.com";

    // The limit of sandbox accounts; live ones allow more.
    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerSecond(25);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var live = true;
        try
        {
            live = (await session.GetAsync("/v1/balance", cancellationToken)).Json.TextAt("livemode") != "false";
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Forbidden)
        {
            // Note: a restricted key may lack this one right and be genuine; Stripe answers 401 to those that are not.
            live = session.Credential[ProviderCredential.ApiKeyName]?.Contains("_live_", StringComparison.Ordinal) != false;
        }

        var id = session.Facts.GetValueOrDefault(AccountFact) ?? "";
        var name = id.Length > 0 ? id : "Stripe account";
        return new ProviderAccount(id, live ? name : $"{name} (test mode)");
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => StripeData.ReadAsync(session, request, cancellationToken);

    public override async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        [await StripeData.WriteAsync(session, request.DataType, request.Rows[0], cancellationToken)];

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        if (!exchange.Facts.TryGetValue(AccountFact, out var account))
        {
            return;
        }

        // Note: Stripe revokes by account and client, as the platform.
        using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Urls.Revocation)
        {
            Content = new FormUrlEncodedContent([new("client_id", exchange.Client.Id), new("stripe_user_id", account)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", exchange.Client.Secret);
        await exchange.SendAsync(request, cancellationToken);
    }
}

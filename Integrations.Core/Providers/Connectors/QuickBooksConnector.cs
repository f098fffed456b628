using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class QuickBooksConnector : Connector
{
    private const string RealmFact = "realmId";
    private const string Environment = "environment";
    private const string Production = "production";
    private const string Sandbox = "sandbox";

    public override ConnectorInfo Info { get; } = new(
        "quickbooks", "QuickBooks Online", ProviderCategory.Accounting, "Accounting for small businesses.", ["Invoices", "Customers", "Expenses"],
        "https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/customer", new ProviderTile("Qb", "#1f7a12"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Sign in at developer.intuit.com and make an app for QuickBooks Online and Payments with the scope Accounting.",
            "Under Keys & credentials, add the hub's redirect URI to the keys that you use: development keys reach sandbox companies only, production keys real ones.",
            "Copy the client id and the client secret of these keys and enter both in Settings, Providers.",
        ],
        [
            "A consent covers one company. It ends when it has not been used for 100 days, and after five years in any case.",
            "With development keys the hub finds out by itself that a company is a sandbox company; the connection's settings can say so too.",
            "Names of customers are unique in QuickBooks: a contact with the name of another customer is refused.",
            "Changes of the last 29 days are read together with what was deleted; after a longer pause, or more than 1,000 changes at once, only a full sync notices deletions.",
            "How many objects a batch (30) and an answer of change data capture (1,000) hold could not be confirmed from Intuit's documentation.",
            "The path of the company's own data, the address of revocation and the wait after too many calls (60 seconds) could not be confirmed from Intuit's documentation.",
            "A text field that was emptied in the hub is emptied by sending an empty text, which could not be confirmed from Intuit's documentation.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://appcenter.intuit.com/connect/oauth2", "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer")
        {
            RevocationUrl = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
            BaseScopes = ["com.intuit.quickbooks.accounting"],
            ClientAuthentication = ClientAuthentication.Basic,
            CallbackFacts = [RealmFact],
            DefaultLifetime = TimeSpan.FromHours(1),
            ClientEnvironment = ("QUICKBOOKS_CLIENT_ID", "QUICKBOOKS_CLIENT_SECRET"),
        },
    ];

    // Intuit knows one scope for all of accounting, so these bind the hub only.
    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:customers", "Read customers", []),
        new("write:customers", "Create and change customers", []),
        new("read:invoices", "Read invoices", []),
        new("write:invoices", "Create and change invoices", []),
        new("read:payments", "Read payments", []),
        new("write:payments", "Record payments", []),
        new("read:vendors", "Read vendors", []),
        new("read:expenses", "Read expenses", []),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => QuickBooksData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
        [new(Environment, "Kind of company", "Whether the company is a real one or a sandbox company of a developer.") { HasChoices = true, Pattern = "^(production|sandbox)$" }];

    public override string ApiBaseUrl => "https://quickbooks.api.intuit.com";

    public override IReadOnlyDictionary<string, string> NamedUrls { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { [Sandbox] = "https://sandbox-quickbooks.api.intuit.com" };

    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerMinute(500);

    public override string BaseUrlFor(ProviderSession session) =>
        BaseUrlFor(session, session.Setting(Environment) ?? session.Facts.GetValueOrDefault(Environment) ?? Production);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadCompanyAsync(session, BaseUrlFor(session), cancellationToken);
        }
        catch (ProviderFault fault) when (fault.Kind is ProviderFaultKind.Unauthorized or ProviderFaultKind.Forbidden && MayBeSandbox(session))
        {
            try
            {
                // Note: a company does not say which kind it is, and the other kind's address just refuses.
                var account = await ReadCompanyAsync(session, BaseUrlFor(session, Sandbox), cancellationToken);
                return account with { Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [Environment] = Sandbox } };
            }
            catch (ProviderFault)
            {
                throw fault;
            }
        }
    }

    public override Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SettingChoice>>([new(Production, "Real company"), new(Sandbox, "Sandbox company")]);

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => QuickBooksData.ReadAsync(session, request, cancellationToken);

    public override Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        QuickBooksData.WriteAsync(session, request, cancellationToken);

    public override Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken) =>
        QuickBooksData.FindAsync(session, dataType, row, cancellationToken);

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        var fault = base.ReadFault(answer);
        // Note: no Retry-After is promised; the limit is one of a minute.
        return fault is { Kind: ProviderFaultKind.RateLimited, RetryAfter: null }
            ? new ProviderFault(fault.Kind, fault.Message, fault.Status, TimeSpan.FromSeconds(60))
            : fault;
    }

    public override async Task<OAuthGrant> ExchangeCodeAsync(OAuthExchange exchange, string code, string? verifier, CancellationToken cancellationToken)
    {
        RealmOf(exchange.Facts);
        return await base.ExchangeCodeAsync(exchange, code, verifier, cancellationToken);
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        // Note: Intuit takes JSON here, where RFC 7009 has a form.
        using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Urls.Revocation)
        {
            Content = JsonContent.Create(new Dictionary<string, string?>(StringComparer.Ordinal) { ["token"] = credential.RefreshToken ?? credential.AccessToken }),
        };
        request.Headers.Authorization = exchange.Basic();
        await exchange.SendAsync(request, cancellationToken);
    }

    // Note: the names of a fault's members begin with a capital or not, by the part of Intuit that answers.
    protected override string? ReadMessage(JsonElement body)
    {
        var error = body.ItemsAt("Fault", "Error").Concat(body.ItemsAt("fault", "error")).FirstOrDefault();
        return error.ValueKind == JsonValueKind.Object
            ? error.TextAt("Detail") ?? error.TextAt("detail") ?? error.TextAt("Message") ?? error.TextAt("message")
            : base.ReadMessage(body);
    }

    private static async Task<ProviderAccount> ReadCompanyAsync(ProviderSession session, string url, CancellationToken cancellationToken)
    {
        var realm = RealmOf(session.Facts);
        var answer = await session.GetAsync($"{url}/companyinfo/{realm}", cancellationToken);
        return new ProviderAccount(realm, answer.Json.TextAt("CompanyInfo", "CompanyName") ?? realm);
    }

    // A stand-in takes the place of both kinds.
    private bool MayBeSandbox(ProviderSession session) =>
        session.Urls.ApiBase == ApiBaseUrl && session.Setting(Environment) is null && !session.Facts.ContainsKey(Environment);

    private static string BaseUrlFor(ProviderSession session, string environment) =>
        $"{(environment == Sandbox ? session.Urls.Named[Sandbox] : session.Urls.ApiBase)}/v3/company/{RealmOf(session.Facts)}";

    // It comes with the browser and goes into paths.
    private static string RealmOf(IReadOnlyDictionary<string, string> facts) => facts.GetValueOrDefault(RealmFact) is { Length: >= 5 and <= 20 } realm && realm.All(char.IsAsciiDigit)
        ? realm
        : throw new ProviderFault(ProviderFaultKind.Refused, "QuickBooks named no company (realmId). Connect again, and choose a company on Intuit's page.", HttpStatusCode.BadRequest);
}

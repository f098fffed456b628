using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class XeroConnector : Connector
{
    private const string TenantFact = "tenantId";
    private const string LinkFact = "connectionId";
    private const string ConsentFact = "consentEvent";
    private const string TenantHeader = "xero-tenant-id";

    public override ConnectorInfo Info { get; } = new(
        "xero", "Xero", ProviderCategory.Accounting, "Accounting for small businesses.", ["Invoices", "Contacts", "Bank transactions"],
        "https://developer.xero.com/documentation/api/accounting/overview", new ProviderTile("Xe", "#0b6c8f"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Sign in at developer.xero.com and make an app of the type Web app.",
            "Add the hub's redirect URI to the app.",
            "Copy the client id, generate a client secret, and enter both in Settings, Providers.",
        ],
        [
            "Apps made before 2 March 2026 know other scopes (accounting.transactions); they have to be moved to the new ones before they can be connected here.",
            "Xero knows contacts by their name and invoices by their number: one that is there already is changed instead of made again. Archived contacts count as deleted.",
            "Pages of 1,000 rows and writes of 50 rows could not be confirmed from Xero's documentation. Expense claims are Xero's classic ones, which come all at once.",
            "A consent covers the organisations that were chosen on Xero's page. The hub works with one of them; the connection's settings change which.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://login.xero.com/identity/connect/authorize", "https://identity.xero.com/connect/token")
        {
            RevocationUrl = "https://identity.xero.com/connect/revocation",
            BaseScopes = ["offline_access", "openid", "profile", "email"],
            UsesPkce = true,
            ClientAuthentication = ClientAuthentication.Basic,
            DefaultLifetime = TimeSpan.FromMinutes(30),
            ClientEnvironment = ("XERO_CLIENT_ID", "XERO_CLIENT_SECRET"),
        },
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read contacts", ["accounting.contacts.read"]),
        new("write:contacts", "Create and change contacts", ["accounting.contacts"]),
        new("read:invoices", "Read invoices", ["accounting.invoices.read"]),
        new("write:invoices", "Create and change invoices", ["accounting.invoices"]),
        new("read:payments", "Read payments", ["accounting.payments.read"]),
        new("read:expenses", "Read expense claims", ["accounting.classicexpenses"]),
        new("read:bank_transactions", "Read bank transactions", ["accounting.banktransactions.read"]),
        new("read:products", "Read items and settings", ["accounting.settings.read"]),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => XeroData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
    [
        new(TenantFact, "Organisation", "The Xero organisation that the hub works with.") { HasChoices = true },
        new(XeroData.AccountSetting, "Sales account", "The code of the account for lines of new invoices that the hub makes.") { Pattern = "^[A-Za-z0-9.-]{1,10}$", Default = "200" },
    ];

    public override string ApiBaseUrl => "https://api.xero.com";

    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerMinute(60, concurrent: 5);

    public override async ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        await base.AuthorizeAsync(request, session, cancellationToken);
        if (request.RequestUri!.AbsolutePath.Contains("/api.xro/", StringComparison.Ordinal))
        {
            request.Headers.TryAddWithoutValidation(TenantHeader, session.Setting(TenantFact) ?? session.Fact(TenantFact));
        }
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var links = await LinksAsync(session, cancellationToken);
        var wanted = session.Setting(TenantFact) ?? session.Facts.GetValueOrDefault(TenantFact);
        // Of several, the organisation that was chosen in this consent: its event stands in the access token. Later another one never takes its place by itself.
        var consent = ReadClaim(session.Credential.AccessToken, "authentication_event_id");
        var isNew = consent is null || session.Facts.GetValueOrDefault(ConsentFact) != consent;
        var link = links.FirstOrDefault(item => item.TextAt("tenantId") == wanted) is { ValueKind: JsonValueKind.Object } known ? known
            : !isNew ? throw new ProviderFault(ProviderFaultKind.Forbidden, "Xero no longer lets the hub into the organisation. Connect again and choose it, or choose another one in the settings.")
            : links.FirstOrDefault(item => consent is not null && item.TextAt("authEventId") == consent) is { ValueKind: JsonValueKind.Object } chosen ? chosen
            : links.Count > 0 ? links[0]
            : throw new ProviderFault(ProviderFaultKind.Forbidden, "The consent covers no Xero organisation. Connect again and choose one.");
        var tenant = link.TextAt("tenantId")!;
        return new ProviderAccount(tenant, link.TextAt("tenantName") ?? tenant)
        {
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [TenantFact] = tenant, [LinkFact] = link.TextAt("id") ?? "", [ConsentFact] = consent ?? "" },
        };
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => XeroData.ReadAsync(session, request, cancellationToken);

    public override Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        XeroData.WriteAsync(session, request, cancellationToken);

    public override Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken) =>
        XeroData.FindAsync(session, dataType, row, cancellationToken);

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken) =>
        [.. (await LinksAsync(session, cancellationToken)).Select(link => new SettingChoice(link.TextAt("tenantId")!, link.TextAt("tenantName") ?? link.TextAt("tenantId")!))];

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer)
    {
        if (long.TryParse(answer.Header("X-DayLimit-Remaining"), out var day))
        {
            yield return new ProviderQuota("day", day, 5_000);
        }

        if (long.TryParse(answer.Header("X-MinLimit-Remaining"), out var minute))
        {
            yield return new ProviderQuota("minute", minute, 60);
        }
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        // Note: revoking the token would end every organisation's link to the app that this person made; removing the link ends just this one.
        if (exchange.Facts.GetValueOrDefault(LinkFact) is { Length: > 0 } link)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Delete, $"{exchange.Urls.ApiBase}/connections/{link}");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.AccessToken);
                await exchange.SendAsync(request, cancellationToken);
                return;
            }
            catch (ProviderFault)
            {
                // The access token has expired, most likely; the refresh token can be revoked all the same.
            }
        }

        await base.RevokeAsync(exchange, credential, cancellationToken);
    }

    private static async Task<List<JsonElement>> LinksAsync(ProviderSession session, CancellationToken cancellationToken) =>
        [.. (await session.GetAsync("/connections", cancellationToken)).Json.ItemsAt()];

    private static string? ReadClaim(string? token, string name)
    {
        try
        {
            return token?.Split('.') is [_, var payload, _] ? JsonDocument.Parse(Base64Url.DecodeFromChars(payload)).RootElement.TextAt(name) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}

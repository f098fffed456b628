using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Integrations.Core.Providers.Connectors;

public sealed partial class MailchimpConnector : Connector
{
    private const string AudienceSetting = "audienceId";
    private const string NewStatusSetting = "newMemberStatus";
    private const string AudiencePattern = "^[A-Za-z0-9]{1,64}$";
    private const string DataCenterFact = "dc";
    private const string MetadataUrl = "metadata";

    public override ConnectorInfo Info { get; } = new(
        "mailchimp", "Mailchimp", ProviderCategory.EmailMarketing, "Audiences and e-mail campaigns.", ["Audiences", "Subscribers", "Tags"],
        "https://mailchimp.com/developer/marketing/api/", new ProviderTile("Mc", "#6b5900"));

    public override ConnectorHelp Help { get; } = new(
        [
            "With a key: open Account, Extras, API keys in Mailchimp and create a key. It ends in a hyphen and the name of the data centre, such as -us6.",
            "With OAuth: open Account, Extras, Registered apps, register an app and add the hub's redirect URI. Copy its client id and client secret, and enter both in Settings, Providers.",
            "Choose the audience that the hub works with in the connection's settings.",
        ],
        [
            "Mailchimp's OAuth knows no scopes: a consent gives the whole account.",
            "By what is known, access tokens do not expire and cannot be revoked by the hub (unverified): to end one, remove the app in Mailchimp under Account, Integrations.",
            "The call that tests a credential reads the root of the API; its members account_id and account_name are taken on trust (unverified).",
            "An address without street, city, state and postal code is left out, since Mailchimp refuses it. Archived members count as deleted.",
            "A contact that the hub has not yet read from Mailchimp is written as a new one, with its status: sync in before out.",
            "That 500 members go into one call, and the names of the merge fields (FNAME, LNAME, PHONE, ADDRESS), could not be confirmed from Mailchimp's documentation.",
            "Under heavy load Mailchimp answers 403 with no explanation instead of 429; the hub then waits and tries again.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://login.mailchimp.com/oauth2/authorize", "https://login.mailchimp.com/oauth2/token")
        {
            ScopeParameter = null,
            ClientEnvironment = ("MAILCHIMP_CLIENT_ID", "MAILCHIMP_CLIENT_SECRET"),
        },
        new FieldsMethod(AuthMode.ApiKey,
        [
            new("apiKey", "API key", "^[0-9a-f]{32}-[a-z]{2,3}[0-9]{1,3}$", "32 characters, a hyphen and the data centre, such as -us6."),
            new(AudienceSetting, "Audience ID", AudiencePattern, "Under Audience, Settings. It can be chosen later.") { IsSecret = false, IsOptional = true },
        ]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read the members of your audiences", []),
        new("write:contacts", "Add and change members of your audiences", []),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => MailchimpData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
    [
        new(AudienceSetting, "Audience", "The audience that the hub works with.") { HasChoices = true, Pattern = AudiencePattern },
        new(NewStatusSetting, "Status of new members", "What becomes of contacts that the hub adds and that have no subscription status of their own.")
        {
            HasChoices = true,
            Pattern = "^(subscribed|pending|unsubscribed|transactional)$",
            Default = "subscribed",
        },
    ];

    public override IReadOnlyDictionary<string, string> NamedUrls { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { [MetadataUrl] = "https://login.mailchimp.com/oauth2/metadata" };

    // Ten at once are allowed; how many in a time is not said.
    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.Unlimited with { Concurrent = 10 };

    public override string BaseUrlFor(ProviderSession session) => session.Urls.ApiBase ?? $"https://{DataCenter(session)}.api.mailchimp.com/3.0";

    public override string? WhyNotHost(Uri url) => url.Scheme == Uri.UriSchemeHttps && HostForm().IsMatch(url.Host) ? null : base.WhyNotHost(url);

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        if (session.Mode != AuthMode.ApiKey)
        {
            return base.AuthorizeAsync(request, session, cancellationToken);
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"hub:{session.Credential[ProviderCredential.ApiKeyName]}")));
        return ValueTask.CompletedTask;
    }

    public override async Task<OAuthGrant> ExchangeCodeAsync(OAuthExchange exchange, string code, string? verifier, CancellationToken cancellationToken)
    {
        var grant = await base.ExchangeCodeAsync(exchange, code, verifier, cancellationToken);

        // Note: the token answer does not tell in which data centre the account lives; a second call does, and its scheme is not Bearer.
        using var request = new HttpRequestMessage(HttpMethod.Get, exchange.Urls.Named[MetadataUrl]);
        request.Headers.Authorization = new AuthenticationHeaderValue("OAuth", grant.Credential.AccessToken);
        var metadata = (await exchange.SendAsync(request, cancellationToken)).Json;
        if (metadata.TextAt(DataCenterFact) is null)
        {
            throw new ProviderFault(ProviderFaultKind.Refused, "Mailchimp did not tell in which data centre the account lives.");
        }

        Dictionary<string, string> facts = new(grant.Facts, StringComparer.Ordinal);
        foreach (var name in (string[])[DataCenterFact, "accountname", "user_id", "api_endpoint"])
        {
            if (metadata.TextAt(name) is { } value)
            {
                facts[name] = value;
            }
        }

        return grant with { Facts = facts };
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var root = (await session.GetAsync("/?fields=account_id,account_name", cancellationToken)).Json;
        return new ProviderAccount(root.TextAt("account_id") ?? "", root.TextAt("account_name") ?? "Mailchimp account");
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) =>
        MailchimpData.ReadAsync(session, AudienceOf(session), request, cancellationToken);

    public override Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        MailchimpData.WriteAsync(session, AudienceOf(session), session.Setting(NewStatusSetting)!, request, cancellationToken);

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken)
    {
        if (name == NewStatusSetting)
        {
            return [new("subscribed", "Subscribed"), new("pending", "Asked by e-mail first"), new("unsubscribed", "Unsubscribed"), new("transactional", "Never subscribed")];
        }

        var lists = (await session.GetAsync("/lists?fields=lists.id,lists.name&count=1000", cancellationToken)).Json;
        return [.. lists.ItemsAt("lists").Where(list => list.TextAt("id") is not null).Select(list => new SettingChoice(list.TextAt("id")!, list.TextAt("name") ?? list.TextAt("id")!))];
    }

    // Note: what is too much under heavy load gets a bare 403; a 403 that means it says so in JSON.
    public override ProviderFault? ReadFault(ProviderAnswer answer) => answer.Status == HttpStatusCode.Forbidden && answer.TryJson() is null
        ? FaultOf(ProviderFaultKind.RateLimited, answer, "too many requests")
        : base.ReadFault(answer);

    protected override string? ReadMessage(JsonElement body) => body.TextAt("detail") ?? body.TextAt("title") ?? base.ReadMessage(body);

    private static string AudienceOf(ProviderSession session) =>
        session.Setting(AudienceSetting) ?? throw new ProviderFault(ProviderFaultKind.Refused, "No audience is chosen. Choose one in the connection's settings.");

    private static string DataCenter(ProviderSession session) =>
        session.Mode == AuthMode.ApiKey ? session.Credential[ProviderCredential.ApiKeyName]!.Split('-')[^1] : session.Fact(DataCenterFact);

    [GeneratedRegex(@"^[a-z]{2,3}[0-9]{1,3}\.api\.mailchimp\.com$", RegexOptions.NonBacktracking)]
    private static partial Regex HostForm();
}

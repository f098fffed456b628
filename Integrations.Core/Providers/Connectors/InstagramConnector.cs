using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class InstagramConnector : Connector
{
    private const string UserFact = "user_id";

    public override ConnectorInfo Info { get; } = new(
        "instagram", "Instagram", ProviderCategory.SocialMedia, "How a professional account and its posts do.", ["Account insights", "Media insights"],
        "https://developers.facebook.com/docs/instagram-platform", new ProviderTile("Ig", "#a3306f"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Open developers.facebook.com, My Apps, make an app of the type Business and add the product Instagram, API setup with Instagram login.",
            "Under Business login settings add the hub's redirect URI.",
            "Copy the Instagram app ID and Instagram app secret, which are not those of the Facebook app, and enter them in Settings, Providers as client id and client secret.",
            "Accounts of other people need App Review; until then, add them to the app as Instagram testers.",
        ],
        [
            "Only professional accounts (business or creator) can be connected.",
            "A consent lasts 60 days. The hub renews it while it lives, since Instagram cannot renew an expired one, nor one that is younger than a day (unverified).",
            "Insights come up to 48 hours late; those of stories are gone after 24 hours.",
            "Insights are read one row a day for the last 30 days, and one row for each of the newest 100 posts; what the hub has of older ones stays. The fields of posts could not be confirmed from Instagram's documentation.",
            "The account is read by /me?fields=user_id,username, and Instagram has no call that revokes a consent (both unverified): remove the app in Instagram under Settings, Website permissions.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://www.instagram.com/oauth/authorize", "https://api.instagram.com/oauth/access_token")
        {
            ScopeSeparator = ',',
            BaseScopes = ["instagram_business_basic"],
            TokenFacts = [UserFact],
            DefaultLifetime = TimeSpan.FromDays(60),
            RefreshAhead = TimeSpan.FromDays(14),
            ClientEnvironment = ("INSTAGRAM_CLIENT_ID", "INSTAGRAM_CLIENT_SECRET"),
        },
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
        [new("read:insights", "Read how your account and posts do", ["instagram_business_manage_insights"]) { IsOptional = false }];

    public override IReadOnlyList<ConnectorDataType> DataTypes => InstagramData.Types;

    public override string ApiBaseUrl => "https://graph.instagram.com";

    // By app and user; what is really left, the answers tell.
    public override ProviderRateLimit RateLimit { get; } = new(200, TimeSpan.FromHours(1));

    public override async Task<OAuthGrant> ExchangeCodeAsync(OAuthExchange exchange, string code, string? verifier, CancellationToken cancellationToken)
    {
        var brief = await base.ExchangeCodeAsync(exchange, code, verifier, cancellationToken);
        // Note: the token of a code lives for an hour; only this exchange makes it last. Both go in the query of a GET, there is no other way.
        var query = $"grant_type=ig_exchange_token&client_secret={Uri.EscapeDataString(exchange.Client.Secret)}&access_token={Uri.EscapeDataString(brief.Credential.AccessToken!)}";
        var lasting = await GetTokenAsync(exchange, $"/access_token?{query}", cancellationToken);
        return lasting with { Scopes = brief.Scopes, Facts = brief.Facts };
    }

    public override Task<OAuthGrant> RefreshAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken) =>
        GetTokenAsync(exchange, $"/refresh_access_token?grant_type=ig_refresh_token&access_token={Uri.EscapeDataString(credential.RefreshToken!)}", cancellationToken);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var me = (await session.GetAsync("/me?fields=user_id,username", cancellationToken)).Json;
        var id = me.TextAt("user_id") ?? me.TextAt("id") ?? throw new ProviderFault(ProviderFaultKind.Refused, "Instagram did not tell whose token it is.");
        return new ProviderAccount(id, me.TextAt("username") ?? id);
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => InstagramData.ReadAsync(session, request, cancellationToken);

    public override ProviderFault? ReadFault(ProviderAnswer answer) =>
        MetaGraph.KindOf(answer) is { } kind ? FaultOf(kind, answer, MetaGraph.MessageOf(answer)) : base.ReadFault(answer);

    public override ProviderFault? ReadTokenFault(ProviderAnswer answer) =>
        !answer.IsSuccess && MetaGraph.TokenKindOf(answer) is { } kind ? FaultOf(kind, answer, MetaGraph.MessageOf(answer)) : base.ReadTokenFault(answer);

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer) => MetaGraph.QuotasOf(answer);

    protected override OAuthGrant ReadGrant(JsonElement answer, ProviderCredential? previous)
    {
        // Note: the answer to a code may come as the one element of an array (unverified), and calls scopes permissions.
        var item = answer.ItemsAt("data").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first ? first : answer;
        var grant = base.ReadGrant(item, null);
        var scopes = item.TextAt("permissions")?.Split(',') ?? [.. item.ItemsAt("permissions").Select(permission => permission.GetString()!)];
        return grant with
        {
            // Note: there are no refresh tokens. An access token is itself exchanged for the next one, while it lives.
            Credential = grant.Credential.With(ProviderCredential.RefreshTokenName, grant.Credential.AccessToken!),
            Scopes = scopes.Length > 0 ? scopes : grant.Scopes,
        };
    }

    private async Task<OAuthGrant> GetTokenAsync(OAuthExchange exchange, string pathAndQuery, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, exchange.Urls.ApiBase + pathAndQuery);
        return ReadGrant((await exchange.SendAsync(request, cancellationToken)).Json, null);
    }
}

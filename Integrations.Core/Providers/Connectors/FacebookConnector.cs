using System.Net.Http.Headers;
using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class FacebookConnector : Connector
{
    private const string Version = "v22.0";
    private const string PageSetting = "pageId";
    private const int MaxChoices = 1_000;

    public override ConnectorInfo Info { get; } = new(
        "facebook", "Facebook", ProviderCategory.SocialMedia, "Leads from lead ads, and how pages do.", ["Lead ads", "Page insights"],
        "https://developers.facebook.com/docs/marketing-api/guides/lead-ads", new ProviderTile("Fb", "#1460c4"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Open developers.facebook.com, My Apps, and make an app of the type Business. Add the product Facebook Login for Business.",
            "In its settings add the hub's redirect URI to the valid OAuth redirect URIs.",
            "Copy App ID and App Secret from App settings, Basic, and enter them in Settings, Providers as client id and client secret.",
            "Pages of other people need App Review for the permissions that the hub asks for; pages of the app's own admins do not.",
            "Without an app: make a system user in Meta Business Settings, give it the page, generate a token with the same permissions and paste it.",
        ],
        [
            "A consent lasts 60 days. The hub renews it while it lives, since Facebook cannot renew an expired one: a hub that was off for that long has to be connected again.",
            "An app that demands proof with every call (appsecret_proof) is not supported; leave Require App Secret off.",
            $"The hub speaks version {Version} of the Graph API; Providers:facebook:ApiBaseUrl, :AuthorizationUrl and :TokenUrl name another.",
            "Leads stay in the hub when Facebook does not show them any more, since it keeps them for a while only (unverified). Insights of the last 90 days are read, one row a day.",
            "The names of the page's metrics (page_media_view, page_views_total, page_post_engagements, page_daily_follows, page_follows) could not be confirmed.",
            "Revoking by DELETE /me/permissions, the permission read_insights and the way in which older leads are listed are taken on trust (unverified).",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod($"https://www.facebook.com/{Version}/dialog/oauth", $"https://graph.facebook.com/{Version}/oauth/access_token")
        {
            RevocationUrl = $"https://graph.facebook.com/{Version}/me/permissions",
            ScopeSeparator = ',',
            BaseScopes = ["pages_show_list"],
            UsesPkce = true,
            DefaultLifetime = TimeSpan.FromDays(60),
            RefreshAhead = TimeSpan.FromDays(14),
            ClientEnvironment = ("FACEBOOK_CLIENT_ID", "FACEBOOK_CLIENT_SECRET"),
        },
        new FieldsMethod(AuthMode.Token, [new("accessToken", "System user token", "^EAA[A-Za-z0-9]+$", "It begins with EAA.")]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read leads from lead ads", ["leads_retrieval", "pages_read_engagement", "pages_manage_metadata"]),
        new("read:insights", "Read how your pages do", ["pages_read_engagement", "read_insights"]),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => FacebookData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
        [new(PageSetting, "Page", "The page whose leads and insights the hub reads.") { HasChoices = true, Pattern = "^[0-9]{1,32}$" }];

    public override string ApiBaseUrl => $"https://graph.facebook.com/{Version}";

    // 200 an hour for each user of the app; what is really left, the answers tell.
    public override ProviderRateLimit RateLimit { get; } = new(200, TimeSpan.FromHours(1));

    public override async Task<OAuthGrant> ExchangeCodeAsync(OAuthExchange exchange, string code, string? verifier, CancellationToken cancellationToken)
    {
        var brief = await base.ExchangeCodeAsync(exchange, code, verifier, cancellationToken);
        return await ExtendAsync(exchange, brief.Credential.AccessToken!, cancellationToken);
    }

    public override Task<OAuthGrant> RefreshAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken) =>
        ExtendAsync(exchange, credential.RefreshToken!, cancellationToken);

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        // Note: not the token is revoked but what the person allowed; with it go all of their tokens for this app.
        using var request = new HttpRequestMessage(HttpMethod.Delete, exchange.Urls.Revocation);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.AccessToken);
        await exchange.SendAsync(request, cancellationToken);
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var me = (await session.GetAsync("/me?fields=id,name", cancellationToken)).Json;
        var id = me.TextAt("id") ?? throw new ProviderFault(ProviderFaultKind.Refused, "Facebook did not tell whose token it is.");
        return new ProviderAccount(id, me.TextAt("name") ?? id);
    }

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken)
    {
        List<SettingChoice> choices = [];
        string? after = "";
        while (after is not null && choices.Count < MaxChoices)
        {
            var pages = (await session.GetAsync($"/me/accounts?fields=id,name&limit=100{(after.Length > 0 ? $"&after={Uri.EscapeDataString(after)}" : "")}", cancellationToken)).Json;
            choices.AddRange(pages.ItemsAt("data").Where(page => page.TextAt("id") is not null).Select(page => new SettingChoice(page.TextAt("id")!, page.TextAt("name") ?? page.TextAt("id")!)));
            // Note: the last page has a cursor too, but no next. The next is not followed itself: it carries the token in its query.
            after = pages.TextAt("paging", "next") is null ? null : pages.TextAt("paging", "cursors", "after");
        }

        return choices;
    }

    // A page's own token, where a call wants that one.
    public override ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken) =>
        request.Headers.Authorization is null ? base.AuthorizeAsync(request, session, cancellationToken) : ValueTask.CompletedTask;

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var page = session.Setting(PageSetting) ?? throw new ProviderFault(ProviderFaultKind.Refused, "No page is chosen. Choose one in the connection's settings.");
        return request.DataType == "contacts" ? FacebookData.ReadLeadsAsync(session, page, request, cancellationToken) : FacebookData.ReadInsightsAsync(session, page, request, cancellationToken);
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer) =>
        MetaGraph.KindOf(answer) is { } kind ? FaultOf(kind, answer, MetaGraph.MessageOf(answer)) : base.ReadFault(answer);

    public override ProviderFault? ReadTokenFault(ProviderAnswer answer) =>
        !answer.IsSuccess && MetaGraph.TokenKindOf(answer) is { } kind ? FaultOf(kind, answer, MetaGraph.MessageOf(answer)) : base.ReadTokenFault(answer);

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer) => MetaGraph.QuotasOf(answer);

    // Note: there are no refresh tokens. An access token is itself exchanged for the next one, while it lives.
    protected override OAuthGrant ReadGrant(JsonElement answer, ProviderCredential? previous)
    {
        var grant = base.ReadGrant(answer, null);
        return grant with { Credential = grant.Credential.With(ProviderCredential.RefreshTokenName, grant.Credential.AccessToken!) };
    }

    // Note: what a code or a login gives lives for an hour or two; only this exchange makes it last.
    private async Task<OAuthGrant> ExtendAsync(OAuthExchange exchange, string token, CancellationToken cancellationToken)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal) { ["grant_type"] = "fb_exchange_token", ["fb_exchange_token"] = token };
        return ReadGrant(await exchange.TokenAsync(form, cancellationToken), null);
    }
}

using Integrations.Core.Providers;

namespace Integrations.Web.Tests.Connections;

/// <summary>A connector for the authorization server of npm: a standard one, with nothing overridden but the test.</summary>
internal sealed class OidcConnector(string issuer) : Connector
{
    public const string Key = "oidc";

    public override ConnectorInfo Info { get; } = new(Key, "Standard", ProviderCategory.Automation, "A provider by the book.", [], "https://openid.net/", new ProviderTile("St", "#000000"));

    public override ConnectorHelp Help { get; } = new([], []);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod(issuer + "/auth", issuer + "/token")
        {
            RevocationUrl = issuer + "/token/revocation",
            BaseScopes = ["openid", "offline_access"],
            UsesPkce = true,
            ClientAuthentication = ClientAuthentication.Basic,
            AuthorizationParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = "consent" },
            Issuer = issuer,
        },
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } = [new("read:contacts", "Read contacts", ["contacts"])];

    public override string ApiBaseUrl => issuer;

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var subject = (await session.GetAsync("/me", cancellationToken)).Json.TextAt("sub")!;
        return new ProviderAccount(subject, subject);
    }
}

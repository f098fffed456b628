using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Connections;

/// <summary>A connector of the tests for the sandbox's QuickBooks, whose refresh tokens work once. Tests step in where a race would have to be hit otherwise.</summary>
internal sealed class LabConnector : Connector
{
    public const string Key = "lab";
    public const string TokenPath = "/oauth2/v1/tokens/bearer";
    private const string RealmFact = "realmId";

    /// <summary>Before a refresh token is sent.</summary>
    public Func<Task> BeforeRefresh { get; set; } = () => Task.CompletedTask;

    /// <summary>When the provider has rotated it, and nobody has stored the new one.</summary>
    public Func<Task> AfterRefresh { get; set; } = () => Task.CompletedTask;

    /// <summary>At each call, with what it carries.</summary>
    public Func<ProviderCredential, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    /// <summary>Before a grant is revoked.</summary>
    public Func<Task> OnRevoke { get; set; } = () => Task.CompletedTask;

    /// <summary>In place of the test's request, when it gives a fault.</summary>
    public Func<ProviderFault?> FailTest { get; set; } = () => null;

    public override ConnectorInfo Info { get; } = new(Key, "The Lab", ProviderCategory.Automation, "A provider of tests.", [], "https://lab.example/", new ProviderTile("La", "#000000"));

    public override ConnectorHelp Help { get; } = new([], []);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://lab.example/authorize", "https://lab.example/token")
        {
            RevocationUrl = "https://lab.example/revoke",
            BaseScopes = ["com.intuit.quickbooks.accounting"],
            ClientAuthentication = ClientAuthentication.Basic,
            CallbackFacts = [RealmFact],
            DefaultLifetime = TimeSpan.FromHours(1),
        },
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } = [new("read:contacts", "Read contacts", [])];

    public override IReadOnlyList<ConnectorSetting> Settings { get; } = [new("colour", "Colour", "A setting.") { HasChoices = true }];

    public override IReadOnlyList<ConnectorAction> Actions { get; } = [new("greet", "Greet", "read:contacts", [])];

    public override string ApiBaseUrl => "https://lab.example";

    public static string ApiPath(ProviderSession session) => $"/v3/company/{session.Fact(RealmFact)}/companyinfo/{session.Fact(RealmFact)}";

    public override async ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        await OnCall(session.Credential);
        await base.AuthorizeAsync(request, session, cancellationToken);
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(ApiPath(session), cancellationToken);
        return FailTest() is { } fault ? throw fault : new ProviderAccount(session.Fact(RealmFact), answer.Json.TextAt("CompanyInfo", "CompanyName") ?? "");
    }

    public override async Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken)
    {
        await session.GetAsync(ApiPath(session), cancellationToken);
        return new ActionAnswer("Greeted.");
    }

    public override async Task<OAuthGrant> RefreshAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        await BeforeRefresh();
        var grant = await base.RefreshAsync(exchange, credential, cancellationToken);
        await AfterRefresh();
        return grant;
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        await OnRevoke();
        using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Urls.Revocation)
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { token = credential.RefreshToken }),
        };
        request.Headers.Authorization = exchange.Basic();
        await exchange.SendAsync(request, cancellationToken);
    }
}

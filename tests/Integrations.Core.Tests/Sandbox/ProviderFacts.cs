namespace Integrations.Core.Tests.Sandbox;

/// <summary>What the tests know of a provider's OAuth, written down apart from the sandbox: two readings of the same documents must agree.</summary>
/// <param name="Scope">As it is sent.</param>
/// <param name="Test">The path of a cheap call below the API's base.</param>
internal sealed record ProviderFacts(string Key, string Scope, string Test)
{
    public string Method { get; init; } = "GET";

    public string Scheme { get; init; } = "Bearer";

    public bool Basic { get; init; }

    /// <summary>Neither style of client authentication is wrong.</summary>
    public bool EitherAuth { get; init; }

    public bool Pkce { get; init; }

    public string Separator { get; init; } = " ";

    /// <summary>Further parameters of the authorization URL.</summary>
    public string Extra { get; init; } = "";

    public bool Refreshes { get; init; } = true;

    public bool Rotates { get; init; }

    public bool RedirectAtToken { get; init; } = true;

    /// <summary>Whether errors have status 200.</summary>
    public bool ErrorsAre200 { get; init; }

    /// <summary>Whether there is somewhere to give a token back.</summary>
    public bool Revokes { get; init; } = true;

    public static IReadOnlyList<ProviderFacts> All { get; } =
    [
        new("stripe", "read_write", "/v1/balance") { RedirectAtToken = false },
        new("slack", "channels:read,chat:write", "/auth.test") { Method = "POST", Separator = ",", Refreshes = false, ErrorsAre200 = true },
        new("quickbooks", "com.intuit.quickbooks.accounting openid", "/v3/company/{realmId}/companyinfo/{realmId}") { Basic = true, Rotates = true },
        new("xero", "offline_access accounting.contacts accounting.settings", "/connections") { EitherAuth = true, Pkce = true, Rotates = true },
        new("gmail", "https://www.googleapis.com/auth/gmail.send https://www.googleapis.com/auth/gmail.readonly", "/gmail/v1/users/me/profile") { Pkce = true, Extra = "&access_type=offline&prompt=consent" },
        new("google-drive", "https://www.googleapis.com/auth/drive.file https://www.googleapis.com/auth/drive.readonly", "/drive/v3/about?fields=user") { Pkce = true, Extra = "&access_type=offline&prompt=consent" },
        new("dropbox", "account_info.read files.metadata.read files.content.write", "/2/users/get_current_account") { Method = "POST", Pkce = true, Extra = "&token_access_type=offline" },
        new("salesforce", "api refresh_token", "/services/oauth2/userinfo") { EitherAuth = true, Pkce = true },
        new("hubspot", "oauth crm.objects.contacts.read", "/account-info/v3/details") { Pkce = true },
        new("zoho", "ZohoCRM.modules.ALL ZohoCRM.org.READ", "/crm/v8/org") { EitherAuth = true, Pkce = true, Scheme = "Zoho-oauthtoken", Extra = "&access_type=offline&prompt=consent", ErrorsAre200 = true },
        new("mailchimp", "", "/ping") { Refreshes = false, Revokes = false },
        new("facebook", "pages_show_list,leads_retrieval", "/me") { Pkce = true, Separator = ",", Refreshes = false },
        new("instagram", "instagram_business_basic,instagram_business_manage_insights", "/me?fields=user_id,username") { Separator = ",", Refreshes = false, Revokes = false },
    ];

    public static ProviderFacts Of(string key) => All.Single(facts => facts.Key == key);

    public static TheoryData<string> Keys(Func<ProviderFacts, bool> which) => [.. All.Where(which).Select(facts => facts.Key)];
}

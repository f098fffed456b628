using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

public sealed class ZohoConnector : Connector
{
    private const string ServerFact = "accounts-server";
    private const string DomainFact = "api_domain";
    private const string ContactsPath = "/crm/v8/Contacts";
    private const string DeletedCursor = "deleted:";
    private const string Modified = "Modified_Time";
    private const int ReadLot = 200;
    private const int WriteLot = 100;
    private const string TokenPath = "/oauth/v2/token";

    private static readonly FrozenSet<string> _accountsHosts = FrozenSet.ToFrozenSet(
        ["accounts.zoho.com", "accounts.zoho.eu", "accounts.zoho.in", "accounts.zoho.com.au", "accounts.zoho.jp", "accounts.zoho.sa", "accounts.zohocloud.ca", "accounts.zoho.com.cn"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> _apiDomains = FrozenSet.ToFrozenSet(
        ["zohoapis.com", "zohoapis.eu", "zohoapis.in", "zohoapis.com.au", "zohoapis.jp", "zohoapis.sa", "zohoapis.ca", "zohoapis.com.cn"], StringComparer.OrdinalIgnoreCase);

    public override ConnectorInfo Info { get; } = new(
        "zoho", "Zoho CRM", ProviderCategory.Crm, "Customer relationship management.", ["Contacts", "Leads"], "https://www.zoho.com/crm/developer/docs/api/v8/",
        new ProviderTile("Zo", "#b3202a"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Open api-console.zoho.com and add a client of the type Server-based Applications with the hub's redirect URI.",
            "Under the client's Settings, switch on Use the same OAuth credentials for all data centers, unless everybody who connects has the same one.",
            "Copy the client id and the client secret and enter both in Settings, Providers.",
            "To paste a token instead, make a Self Client, generate a code with the scopes ZohoCRM.org.READ and ZohoCRM.modules.contacts.ALL, trade it in for a token, and give it with its api_domain.",
        ],
        [
            "Zoho keeps accounts in several data centres. The hub follows an account to its own, and to no address outside Zoho.",
            "A pasted token lives for an hour and cannot be renewed.",
            "Zoho keeps about 20 refresh tokens for each person, so connecting many times ends the oldest consents (unverified). That commas stand between scopes, and the names of the scopes, are by others' use of Zoho.",
            "Contacts without a last name cannot be written. That an account may be named by its name alone when a contact is written, and how an empty list is answered, could not be confirmed.",
            "Zoho counts credits in 24 hours and tells how many are left only when half of them are used.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://accounts.zoho.com/oauth/v2/auth", "https://accounts.zoho.com/oauth/v2/token")
        {
            RevocationUrl = "https://accounts.zoho.com/oauth/v2/token/revoke",
            ScopeSeparator = ',',
            BaseScopes = ["ZohoCRM.org.READ"],
            UsesPkce = true,
            // Note: without both of them Zoho gives no refresh token.
            AuthorizationParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["access_type"] = "offline", ["prompt"] = "consent" },
            CallbackFacts = ["location", ServerFact],
            TokenFacts = [DomainFact],
            DefaultLifetime = TimeSpan.FromHours(1),
            ClientEnvironment = ("ZOHO_CLIENT_ID", "ZOHO_CLIENT_SECRET"),
        },
        new FieldsMethod(AuthMode.Token,
        [
            new("accessToken", "Access token", @"^1000\.[a-f0-9]{32}\.[a-f0-9]{32}$", "It begins with 1000."),
            new("apiDomain", "API domain", "^https?://[^\\s?#@]+$", "Such as https://www.zohoapis.com or https://www.zohoapis.eu.") { IsSecret = false, IsUrl = true },
        ]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read contacts", ["ZohoCRM.modules.contacts.READ"]),
        new("write:contacts", "Create and change contacts", ["ZohoCRM.modules.contacts.ALL"]),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes { get; } =
    [
        new("contacts", "Contacts", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.Null,
            Mapping =
            [
                new("First_Name", "firstName"),
                new("Last_Name", "lastName"),
                new("Email", "email", FieldTransform.Trim),
                new("Phone", "phone"),
                new("Account_Name.name", "company"),
                new("Title", "jobTitle"),
                new("Mailing_Street", "address.line1"),
                new("Mailing_City", "address.city"),
                new("Mailing_State", "address.state"),
                new("Mailing_Zip", "address.postalCode"),
                new("Mailing_Country", "address.country"),
                FieldMapping.Always("contactType", "lead"),
            ],
            WriteLot = WriteLot,
            // Zoho knows contacts by their e-mail address.
            CreatesOnce = true,
            Needs = ["lastName"],
            Kinds = ["customer", "lead", "subscriber"],
        },
    ];

    // Credits of a day, and how many calls at once: five on the free edition.
    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.Unlimited with { Concurrent = 5 };

    // Each data centre has its own host.
    public override string BaseUrlFor(ProviderSession session) => session.Fact(session.Mode == AuthMode.Token ? "apiDomain" : DomainFact).TrimEnd('/');

    public override string? WhyNotHost(Uri url) =>
        url is { Scheme: "https", IsDefaultPort: true, UserInfo: "" } && url.IdnHost.Split('.', 2) is ["www" or "sandbox" or "developer", var domain] && _apiDomains.Contains(domain)
            ? null
            : $"{url.Host} is not an API address of Zoho, such as https://www.zohoapis.com.";

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        // Note: a scheme of its own.
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", session.Credential.AccessToken);
        return ValueTask.CompletedTask;
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        try
        {
            var organization = (await session.GetAsync("/crm/v8/org", cancellationToken)).Json.ItemsAt("org").FirstOrDefault();
            var id = organization.TextAt("id") ?? "";
            return new ProviderAccount(id, organization.TextAt("company_name") ?? id);
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Forbidden)
        {
            // A pasted token may have been made for contacts alone: then it is good, but does not tell whose it is.
            await session.GetAsync("/crm/v8/Contacts?fields=id&per_page=1", cancellationToken);
            return new ProviderAccount("", "Zoho CRM");
        }
    }

    public override async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var headers = request.Since is { } since ? new[] { ("If-Modified-Since", since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture)) } : [];
        if (request.Cursor?.StartsWith(DeletedCursor, StringComparison.Ordinal) == true)
        {
            var number = int.Parse(request.Cursor.AsSpan(DeletedCursor.Length), CultureInfo.InvariantCulture);
            var gone = await AskAsync($"{ContactsPath}/deleted?type=all&page={number}&per_page={ReadLot}");
            return new RemotePage(
                [.. (gone?.ItemsAt("data") ?? []).Select(row => new RemoteRow(row.TextAt("id") ?? "", row, TimeOf(row, "deleted_time")) { IsDeleted = true })],
                gone?.TextAt("info", "more_records") == "true" ? $"{DeletedCursor}{number + 1}" : null);
        }

        var fields = request.Mapping.Where(field => field.Source.Length > 0).Select(field => field.Source.Split('.', '[')[0]).Append(Modified).Distinct(StringComparer.Ordinal);
        var place = request.Cursor is { } cursor ? $"page_token={Uri.EscapeDataString(cursor)}" : "page=1";
        var page = await AskAsync($"{ContactsPath}?fields={string.Join(',', fields)}&per_page={ReadLot}&sort_by=id&sort_order=asc&{place}");
        List<RemoteRow> rows = [.. (page?.ItemsAt("data") ?? []).Select(row => new RemoteRow(row.TextAt("id") ?? "", row, TimeOf(row, Modified)))];
        var next = page?.TextAt("info", "more_records") == "true" ? page?.TextAt("info", "next_page_token") : null;
        // Who reads everything sees what is missing; changes do not tell what was deleted.
        return new RemotePage(rows, next ?? (request.Since is null ? null : $"{DeletedCursor}1"));

        // Note: nothing new is a 304, and an empty list a 204, neither with a body.
        async Task<JsonElement?> AskAsync(string url) => (await session.SendAsync(ProviderRequest.Get(url) with { Headers = headers }, cancellationToken)).TryJson();
    }

    public override async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken)
    {
        List<JsonObject> rows = [.. request.Rows.Select(row =>
        {
            var contact = (JsonObject)row.Content.DeepClone();
            if (row.ExternalId is { } id)
            {
                contact["id"] = id;
            }

            return contact;
        })];
        var answer = (await session.SendAsync(
            ProviderRequest.PostJson($"{ContactsPath}/upsert", new { data = rows, duplicate_check_fields = (string[])["Email"], trigger = Array.Empty<string>() }) with
            {
                // What has neither an id nor an address would be made twice.
                CanRepeat = rows.TrueForAll(row => row.ContainsKey("id") || row.ContainsKey("Email")),
            },
            cancellationToken)).Json.ItemsAt("data").ToList();
        return [.. rows.Select((_, index) => index >= answer.Count ? new WriteResult(null, "Zoho did not say what became of it.")
            : answer[index].TextAt("status") == "success" && answer[index].TextAt("details", "id") is { } id ? new WriteResult(id) { UpdatedAt = answer[index].At("details") is { } details ? TimeOf(details, Modified) : null }
            : new WriteResult(null, string.Join(": ", new[] { answer[index].TextAt("message") ?? "Zoho refused it", answer[index].TextAt("details", "api_name") }.OfType<string>())))];
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer) => answer.Status == HttpStatusCode.NotModified ? null : base.ReadFault(answer) switch
    {
        // Note: a token that lacks a scope is a 401, like one that has ended.
        { Kind: ProviderFaultKind.Unauthorized } fault when answer.TryJson()?.TextAt("code") == "OAUTH_SCOPE_MISMATCH" => new ProviderFault(ProviderFaultKind.Forbidden, fault.Message, fault.Status),
        var other => other,
    };

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer) =>
        long.TryParse(answer.Header("X-API-CREDITS-REMAINING"), CultureInfo.InvariantCulture, out var left) ? [new ProviderQuota("day", left, null)] : [];

    public override string TokenUrlFor(OAuthExchange exchange) => AccountsUrl(exchange) is { } server ? server + TokenPath : exchange.Urls.Token!;

    // Note: errors come with status 200 too.
    public override ProviderFault? ReadTokenFault(ProviderAnswer answer)
    {
        var fault = base.ReadTokenFault(answer);
        return answer.TryJson()?.TextAt("error") switch
        {
            null => fault,
            "invalid_code" or "invalid_token" or "invalid_grant" => FaultOf(ProviderFaultKind.GrantEnded, answer, "the consent is not good, or no longer"),
            "invalid_client" or "invalid_client_secret" => FaultOf(ProviderFaultKind.ClientRefused, answer, "it does not know the hub's client, or not in this data centre"),
            "Access Denied" => FaultOf(ProviderFaultKind.RateLimited, answer, "too many tokens were asked for"),
            var error => fault ?? FaultOf(ProviderFaultKind.Refused, answer, error),
        };
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        var url = AccountsUrl(exchange) is { } server ? $"{server}{TokenPath}/revoke" : exchange.Urls.Revocation!;
        // Note: the token stands in the query, and nothing else is asked for.
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}?token={Uri.EscapeDataString(credential.RefreshToken ?? credential.AccessToken ?? "")}");
        await exchange.SendAsync(request, cancellationToken);
    }

    private static DateTimeOffset? TimeOf(JsonElement row, string name) => row.TextAt(name) is { } time ? ValueForms.ReadTime(time) : null;

    /// <summary>The accounts server of the data centre that the callback named; null when it named none.</summary>
    private static string? AccountsUrl(OAuthExchange exchange)
    {
        if (exchange.Facts.GetValueOrDefault(ServerFact) is not { Length: > 0 } server)
        {
            return null;
        }

        // The browser brought it, and the client's secret goes there.
        var isZoho = Uri.TryCreate(server, UriKind.Absolute, out var url) && url is { Scheme: "https", IsDefaultPort: true, UserInfo: "", PathAndQuery: "/" } && _accountsHosts.Contains(url.IdnHost);
        return isZoho || exchange.Urls.IsConfigured(server)
            ? server.TrimEnd('/')
            : throw new ProviderFault(ProviderFaultKind.Refused, "The consent came back with an accounts server that is not Zoho's. Nothing was sent to it.");
    }
}

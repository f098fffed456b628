using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

public sealed class SalesforceConnector : Connector
{
    private const string Root = "/services/data/v60.0";
    private const string Modified = "SystemModstamp";
    private const int WriteLot = 200;

    // A host is one of an organization's own below these. Nothing outside Salesforce can have such a name.
    private static readonly string[] _domains = [".salesforce.com", ".force.com"];

    public override ConnectorInfo Info { get; } = new(
        "salesforce", "Salesforce", ProviderCategory.Crm, "Customer relationship management.", ["Contacts", "Leads", "Accounts"],
        "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm", new ProviderTile("Sf", "#0a66a8"));

    public override ConnectorHelp Help { get; } = new(
        [
            "In Salesforce Setup, open External Client App Manager and make an app with OAuth enabled.",
            "Add the hub's redirect URI as callback URL, and the scopes Manage user data via APIs (api), Perform requests at any time (refresh_token, offline_access) and Access unique user identifiers (openid).",
            "In the app's policies, let refresh tokens be valid until revoked.",
            "Copy the consumer key (client id) and the consumer secret and enter both in Settings, Providers.",
            "To paste a token instead, give an access token and the address of your organization, such as https://acme.my.salesforce.com.",
        ],
        [
            "Consent is given at login.salesforce.com. For a sandbox, or where only your own domain may be used for signing in, set Providers:salesforce:AuthorizationUrl, :TokenUrl and :RevocationUrl to the same paths there.",
            "A pasted access token ends with its session and cannot be renewed.",
            "Salesforce counts calls of all apps together in 24 hours. When they are used up it says so without telling when to come back; the hub then waits.",
            "A contact's company is the account that it belongs to in Salesforce: it is read, but not written. Contacts without a last name cannot be written.",
            "That deleted contacts are told by queryAll, and 2,000 rows a page, could not be confirmed from Salesforce's documentation.",
            "That refresh tokens stay the same unless the app rotates them could not be confirmed; the hub keeps whichever it is given last.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://login.salesforce.com/services/oauth2/authorize", "https://login.salesforce.com/services/oauth2/token")
        {
            RevocationUrl = "https://login.salesforce.com/services/oauth2/revoke",
            BaseScopes = ["api", "refresh_token", "openid"],
            UsesPkce = true,
            AuthorizationParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = "consent" },
            TokenFacts = ["instance_url"],
            ClientEnvironment = ("SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"),
        },
        new FieldsMethod(AuthMode.Token,
        [
            new("accessToken", "Access token", "^00[A-Za-z0-9]{10,16}![A-Za-z0-9._]{20,1000}$", "It begins with 00 and has an exclamation mark in it."),
            new("instanceUrl", "Address of the organization", "^https?://[^\\s?#@]+$", "Such as https://acme.my.salesforce.com.") { IsSecret = false, IsUrl = true },
        ]),
    ];

    // Salesforce's scope api covers all of them; what the person may do decides.
    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
        [new("read:contacts", "Read contacts", []), new("write:contacts", "Create and change contacts", [])];

    public override IReadOnlyList<ConnectorDataType> DataTypes { get; } =
    [
        new("contacts", "Contacts", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.Null,
            Mapping =
            [
                new("FirstName", "firstName"),
                new("LastName", "lastName"),
                new("Email", "email", FieldTransform.Trim),
                new("Phone", "phone"),
                // Note: a contact's company is an account of its own, which is not made from a name.
                new FieldMapping("Account.Name", "company").OnlyIn(),
                new("Title", "jobTitle"),
                new("MailingStreet", "address.line1"),
                new("MailingCity", "address.city"),
                new("MailingState", "address.state"),
                new("MailingPostalCode", "address.postalCode"),
                new("MailingCountry", "address.country"),
                FieldMapping.Always("contactType", "lead"),
            ],
            WriteLot = WriteLot,
            Needs = ["lastName"],
            Kinds = ["customer", "lead", "subscriber"],
        },
    ];

    // Only the day's calls are limited, and those of 20 seconds and more; 15,000 a day is the smallest of the editions.
    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerSecond(10, concurrent: 5);

    // Each organization has its own host.
    public override string BaseUrlFor(ProviderSession session) => session.Fact(session.Mode == AuthMode.Token ? "instanceUrl" : "instance_url").TrimEnd('/');

    public override string? WhyNotHost(Uri url) =>
        url is { Scheme: "https", IsDefaultPort: true, UserInfo: "" } && _domains.Any(domain => url.IdnHost.EndsWith(domain, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"{url.Host} is not an address of Salesforce: it has to be https and end in .salesforce.com or .force.com.";

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var user = (await session.GetAsync("/services/oauth2/userinfo", cancellationToken)).Json;
        var organization = user.TextAt("organization_id") ?? "";
        return new ProviderAccount(organization, user.TextAt("preferred_username") ?? user.TextAt("email") ?? organization)
        {
            // Outbound messages name the organization by this.
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["organization_id"] = organization },
        };
    }

    public override async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var page = (await session.GetAsync(request.Cursor ?? FirstPage(request), cancellationToken)).Json;
        List<RemoteRow> rows = [.. page.ItemsAt("records").Select(row => new RemoteRow(
            row.TextAt("Id") ?? "", row, row.TextAt(Modified) is { } time ? ValueForms.ReadTime(time) : null) { IsDeleted = row.TextAt("IsDeleted") == "true" })];
        var next = page.TextAt("done") == "false" ? page.TextAt("nextRecordsUrl") : null;
        return next is null || next.StartsWith("/services/data/", StringComparison.Ordinal)
            ? new RemotePage(rows, next) { Total = int.TryParse(page.TextAt("totalSize"), CultureInfo.InvariantCulture, out var total) ? total : null }
            : throw new ProviderFault(ProviderFaultKind.Refused, "Salesforce named a next page outside its API.");
    }

    public override async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken)
    {
        // Without an external id of the organization's own there is no upsert: known contacts are changed, the others made.
        var results = new WriteResult?[request.Rows.Count];
        foreach (var group in request.Rows.Index().GroupBy(row => row.Item.ExternalId is not null))
        {
            List<(int Index, OutgoingRow Row)> rows = [.. group];
            var body = new { allOrNone = false, records = rows.Select(row => RecordOf(row.Row)) };
            var answer = (await session.SendAsync(
                group.Key
                    ? new ProviderRequest(HttpMethod.Patch, $"{Root}/composite/sobjects") { Content = () => JsonContent.Create(body), CanRepeat = true }
                    : ProviderRequest.PostJson($"{Root}/composite/sobjects", body),
                cancellationToken)).Json.ItemsAt().ToList();
            foreach (var ((index, row), result) in rows.Zip(answer))
            {
                results[index] = result.TextAt("success") == "true"
                    ? new WriteResult(result.TextAt("id") ?? row.ExternalId)
                    : new WriteResult(null, string.Join(" ", result.ItemsAt("errors").Select(error => error.TextAt("message"))) is { Length: > 0 } said ? said : "Salesforce refused it and did not say why.");
            }
        }

        return [.. results.Select(result => result ?? new WriteResult(null, "Salesforce did not say what became of it."))];
    }

    public override async Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        if (row.Content["Email"]?.GetValue<string>() is not { } email)
        {
            return null;
        }

        var query = $"SELECT Id FROM Contact WHERE Email = '{email.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}' ORDER BY CreatedDate DESC LIMIT 1";
        return (await session.GetAsync($"{Root}/query?q={Uri.EscapeDataString(query)}", cancellationToken)).Json.ItemsAt("records").Select(found => found.TextAt("Id")).FirstOrDefault();
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        if (base.ReadFault(answer) is not { } fault)
        {
            return null;
        }

        var kind = answer.TryJson()?.ItemsAt().Select(error => error.TextAt("errorCode")).FirstOrDefault() switch
        {
            // Note: a 403, where others say 429, and nobody says when to come back.
            "REQUEST_LIMIT_EXCEEDED" => ProviderFaultKind.RateLimited,
            "INVALID_SESSION_ID" => ProviderFaultKind.Unauthorized,
            "SERVER_UNAVAILABLE" or "UNABLE_TO_LOCK_ROW" => ProviderFaultKind.Unavailable,
            // Note: the endpoint of user information answers 403 and a bare word to a token that has ended.
            _ when answer.Status == HttpStatusCode.Forbidden && answer.Text.StartsWith("Bad_OAuth_Token", StringComparison.Ordinal) => ProviderFaultKind.Unauthorized,
            _ => fault.Kind,
        };
        return kind switch
        {
            _ when kind == fault.Kind => fault,
            // The calls of a day come back little by little.
            ProviderFaultKind.RateLimited => new ProviderFault(kind, fault.Message, fault.Status, fault.RetryAfter ?? TimeSpan.FromMinutes(15)),
            _ => new ProviderFault(kind, fault.Message, fault.Status, fault.RetryAfter),
        };
    }

    public override ProviderFault? ReadTokenFault(ProviderAnswer answer) => base.ReadTokenFault(answer) switch
    {
        { } fault => answer.TryJson()?.TextAt("error") switch
        {
            "invalid_client_id" or "invalid_client_credentials" => new ProviderFault(ProviderFaultKind.ClientRefused, fault.Message, fault.Status),
            "inactive_user" or "inactive_org" => new ProviderFault(ProviderFaultKind.GrantEnded, fault.Message, fault.Status),
            _ => fault,
        },
        null => null,
    };

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer)
    {
        const string Usage = "api-usage=";
        var usage = answer.Header("Sforce-Limit-Info")?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(part => part.StartsWith(Usage, StringComparison.Ordinal));
        if (usage?[Usage.Length..].Split('/') is [var used, var limit] && long.TryParse(used, CultureInfo.InvariantCulture, out var n) && long.TryParse(limit, CultureInfo.InvariantCulture, out var max))
        {
            yield return new ProviderQuota("day", Math.Max(0, max - n), max);
        }
    }

    private static string FirstPage(ReadRequest request)
    {
        var fields = request.Mapping.Where(field => field.Directions.HasFlag(SyncDirections.In) && field.Source.Length > 0).Select(field => field.Source).Concat(["Id", "IsDeleted", Modified])
            .Distinct(StringComparer.OrdinalIgnoreCase);
        var where = request.Since is { } since ? $" WHERE {Modified} >= {since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "";
        // Changes are read with what was deleted; who reads everything sees what is missing.
        return $"{Root}/{(request.Since is null ? "query" : "queryAll")}?q={Uri.EscapeDataString($"SELECT {string.Join(", ", fields)} FROM Contact{where} ORDER BY {Modified} ASC")}";
    }

    private static JsonObject RecordOf(OutgoingRow row)
    {
        JsonObject record = new() { ["attributes"] = new JsonObject { ["type"] = "Contact" } };
        if (row.ExternalId is { } id)
        {
            record["id"] = id;
        }

        foreach (var (name, value) in row.Content)
        {
            record[name] = value?.DeepClone();
        }

        return record;
    }

    // Note: errors come as a list.
    protected override string? ReadMessage(JsonElement body) => body.ValueKind == JsonValueKind.Array
        ? body.ItemsAt().Select(error => error.TextAt("message")).FirstOrDefault()
        : base.ReadMessage(body);
}

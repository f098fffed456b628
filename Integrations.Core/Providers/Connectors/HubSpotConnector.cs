using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

public sealed class HubSpotConnector : Connector
{
    private const string ContactsPath = "/crm/v3/objects/contacts";
    private const string PropertyPrefix = "properties.";
    private const string ModifiedProperty = "lastmodifieddate";
    private const int ReadLot = 100;
    private const int SearchLot = 200;
    private const int MostSearched = 10_000;

    private static readonly TimeSpan _rollingWindow = TimeSpan.FromSeconds(10);

    public override ConnectorInfo Info { get; } = new(
        "hubspot", "HubSpot", ProviderCategory.Crm, "Customer relationship management and marketing.", ["Contacts", "Leads", "Marketing"],
        "https://developers.hubspot.com/docs/reference/api/crm/objects/contacts", new ProviderTile("Hs", "#b23b1c"));

    public override ConnectorHelp Help { get; } = new(
        [
            "With a private app: in HubSpot, open Settings, Integrations, Private Apps, make one with the scopes crm.objects.contacts.read and crm.objects.contacts.write, and paste its access token (pat-…) here.",
            "With OAuth: in a HubSpot developer account, make a public app, add the hub's redirect URI and the scopes oauth, crm.objects.contacts.read and crm.objects.contacts.write under Auth.",
            "Copy the app's client id and client secret and enter both in Settings, Providers.",
        ],
        [
            "HubSpot refuses a consent when the hub asks for other scopes than the app has.",
            "Searching contacts is limited to five calls a second for a whole account, and to 10,000 results for one search.",
            "Tokens of private apps outside the regions na1 and eu1, the life of access tokens (30 minutes) and that refresh tokens stay the same could not be confirmed from HubSpot's documentation.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://app.hubspot.com/oauth/authorize", "https://api.hubapi.com/oauth/v1/token")
        {
            // Note: version 1 revokes by a DELETE that has the token in its URL, where it would get into logs.
            RevocationUrl = "https://api.hubapi.com/oauth/v3/token/revoke",
            BaseScopes = ["oauth"],
            UsesPkce = true,
            TokenFacts = ["hub_id"],
            DefaultLifetime = TimeSpan.FromMinutes(30),
            ClientEnvironment = ("HUBSPOT_CLIENT_ID", "HUBSPOT_CLIENT_SECRET"),
        },
        new FieldsMethod(AuthMode.Token,
            [new("accessToken", "Private app token", @"^pat-(na|eu|ap)\d-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "It begins with pat-, such as pat-na1- or pat-eu1-.")]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read contacts", ["crm.objects.contacts.read"]),
        new("write:contacts", "Create and change contacts", ["crm.objects.contacts.write"]),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes { get; } =
    [
        new("contacts", "Contacts", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.EmptyText,
            Mapping =
            [
                new("properties.email", "email", FieldTransform.Trim),
                new("properties.firstname", "firstName"),
                new("properties.lastname", "lastName"),
                new("properties.phone", "phone"),
                new("properties.company", "company"),
                new("properties.jobtitle", "jobTitle"),
                new("properties.address", "address.line1"),
                new("properties.city", "address.city"),
                new("properties.state", "address.state"),
                new("properties.zip", "address.postalCode"),
                new("properties.country", "address.country"),
                new("properties.lifecyclestage", "contactType")
                {
                    Directions = SyncDirections.In,
                    Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["customer"] = "customer", ["subscriber"] = "subscriber" },
                    OtherValue = "lead",
                },
            ],
            WriteLot = 100,
            // HubSpot knows contacts by their e-mail address.
            CreatesOnce = true,
            Needs = ["email"],
            Kinds = ["customer", "lead", "subscriber"],
        },
    ];

    public override string ApiBaseUrl => "https://api.hubapi.com";

    // What private apps of a free account may; public apps may 110 for each account.
    public override ProviderRateLimit RateLimit { get; } = new(100, _rollingWindow);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var details = (await session.GetAsync("/account-info/v3/details", cancellationToken)).Json;
        var portal = details.TextAt("portalId") ?? "";
        return new ProviderAccount(portal, $"HubSpot account {portal}")
        {
            // HubSpot's webhooks name the account by this.
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["hub_id"] = portal },
        };
    }

    public override async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var properties = request.Mapping.Select(field => field.Source).Where(source => source.StartsWith(PropertyPrefix, StringComparison.Ordinal))
            .Select(source => source[PropertyPrefix.Length..]).Append(ModifiedProperty).Distinct(StringComparer.Ordinal).ToList();
        if (request.Since is null)
        {
            var after = request.Cursor is { } cursor ? $"&after={Uri.EscapeDataString(cursor)}" : "";
            var page = (await session.GetAsync($"{ContactsPath}?limit={ReadLot}&properties={string.Join(',', properties)}{after}", cancellationToken)).Json;
            return new RemotePage(RowsOf(page), page.TextAt("paging", "next", "after"));
        }

        // Note: a search ends after 10,000 results; the next one begins at the time of the last of them.
        var place = (request.Cursor ?? "").Split(':');
        var (since, next) = place.Length == 2 ? (long.Parse(place[0], CultureInfo.InvariantCulture), place[1]) : (request.Since.Value.ToUnixTimeMilliseconds(), "0");
        var found = (await session.SendAsync(
            ProviderRequest.PostJson($"{ContactsPath}/search", new
            {
                filterGroups = new[] { new { filters = new[] { new { propertyName = ModifiedProperty, @operator = "GTE", value = since.ToString(CultureInfo.InvariantCulture) } } } },
                sorts = new[] { new { propertyName = ModifiedProperty, direction = "ASCENDING" } },
                properties,
                limit = SearchLot,
                after = next,
            }) with
            { CanRepeat = true },
            cancellationToken)).Json;
        var rows = RowsOf(found);
        if (found.TextAt("paging", "next", "after") is not { } following)
        {
            return new RemotePage(rows, null);
        }

        var isAtEnd = long.Parse(following, CultureInfo.InvariantCulture) + SearchLot > MostSearched;
        return isAtEnd && rows is [.., { UpdatedAt: { } last }] && last.ToUnixTimeMilliseconds() > since
            ? new RemotePage(rows, $"{last.ToUnixTimeMilliseconds()}:0")
            : isAtEnd ? throw new ProviderFault(ProviderFaultKind.Refused, "HubSpot changed more than 10,000 contacts in one moment, more than its search can tell. Run a full sync.")
            : new RemotePage(rows, $"{since}:{following}");
    }

    public override async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken)
    {
        // Those with an id are changed; the others are made, or found by their e-mail address.
        var results = new WriteResult?[request.Rows.Count];
        foreach (var group in request.Rows.Index().GroupBy(row => row.Item.ExternalId is not null))
        {
            List<(int Index, OutgoingRow Row)> rows = [.. group];
            var answer = (await session.SendAsync(
                group.Key
                    ? ProviderRequest.PostJson($"{ContactsPath}/batch/update", new { inputs = rows.Select(row => new { id = row.Row.ExternalId, properties = PropertiesOf(row.Row) }) })
                    : ProviderRequest.PostJson($"{ContactsPath}/batch/upsert", new { inputs = rows.Select(row => new { id = EmailOf(row.Row), idProperty = "email", properties = PropertiesOf(row.Row) }) }),
                cancellationToken)).Json;
            var byKey = answer.ItemsAt("results").ToLookup(
                item => (group.Key ? item.TextAt("id") : item.TextAt("properties", "email")) ?? "", StringComparer.OrdinalIgnoreCase);
            var said = answer.ItemsAt("errors").Select(error => error.TextAt("message")).FirstOrDefault();
            foreach (var (index, row) in rows)
            {
                results[index] = byKey[(group.Key ? row.ExternalId : EmailOf(row)) ?? ""].Select(item => (JsonElement?)item).FirstOrDefault() is { } item
                    ? new WriteResult(item.TextAt("id")) { Content = item, UpdatedAt = UpdatedOf(item) }
                    : new WriteResult(null, said ?? "HubSpot did not say what became of it.");
            }
        }

        return results!;
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        if (base.ReadFault(answer) is not { } fault)
        {
            return null;
        }

        // Note: 423 means that the object is locked for a moment, 477 that the account is just being moved.
        return (int)answer.Status switch
        {
            423 => new ProviderFault(ProviderFaultKind.Unavailable, fault.Message, fault.Status, fault.RetryAfter ?? TimeSpan.FromSeconds(2)),
            477 => new ProviderFault(ProviderFaultKind.RateLimited, fault.Message, fault.Status, fault.RetryAfter),
            429 when fault.RetryAfter is null => new ProviderFault(
                fault.Kind, fault.Message, fault.Status, answer.TryJson()?.TextAt("policyName") == "DAILY" ? TimeSpan.FromHours(1) : _rollingWindow),
            _ => fault,
        };
    }

    public override ProviderFault? ReadTokenFault(ProviderAnswer answer)
    {
        if (base.ReadTokenFault(answer) is not { } fault)
        {
            return null;
        }

        // Note: beside the errors of RFC 6749 HubSpot has words of its own.
        var kind = answer.TryJson()?.TextAt("status") switch
        {
            "BAD_REFRESH_TOKEN" or "BAD_AUTH_CODE" => ProviderFaultKind.GrantEnded,
            "BAD_CLIENT_ID" or "BAD_CLIENT_SECRET" => ProviderFaultKind.ClientRefused,
            _ => fault.Kind,
        };
        return kind == fault.Kind ? fault : FaultOf(kind, answer, answer.TryJson() is { } json ? ReadMessage(json) : null);
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        if (credential.RefreshToken is { } token)
        {
            await exchange.PostAsync(
                exchange.Urls.Revocation!, new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = token, ["token_type_hint"] = "refresh_token" }, cancellationToken);
        }
    }

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer) =>
        new[] { ReadQuota(answer, "10 seconds", "X-HubSpot-RateLimit-Remaining", "X-HubSpot-RateLimit-Max"), ReadQuota(answer, "day", "X-HubSpot-RateLimit-Daily-Remaining", "X-HubSpot-RateLimit-Daily") }
            .OfType<ProviderQuota>();

    // Note: the scopes are a list under another name.
    protected override OAuthGrant ReadGrant(JsonElement answer, ProviderCredential? previous)
    {
        var grant = base.ReadGrant(answer, previous);
        var scopes = answer.ItemsAt("scopes").Select(scope => scope.GetString() ?? "").ToList();
        return scopes.Count > 0 ? grant with { Scopes = scopes } : grant;
    }

    private static List<RemoteRow> RowsOf(JsonElement page) =>
        [.. page.ItemsAt("results").Select(item => new RemoteRow(item.TextAt("id") ?? "", item, UpdatedOf(item)) { IsDeleted = item.TextAt("archived") == "true" })];

    private static DateTimeOffset? UpdatedOf(JsonElement item) => (item.TextAt("properties", ModifiedProperty) ?? item.TextAt("updatedAt")) is { } text ? ValueForms.ReadTime(text) : null;

    private static JsonNode? PropertiesOf(OutgoingRow row) => row.Content["properties"];

    private static string? EmailOf(OutgoingRow row) => row.Content["properties"]?["email"]?.GetValue<string>();

    private static ProviderQuota? ReadQuota(ProviderAnswer answer, string name, string remaining, string limit) =>
        long.TryParse(answer.Header(remaining), CultureInfo.InvariantCulture, out var left)
            ? new ProviderQuota(name, left, long.TryParse(answer.Header(limit), CultureInfo.InvariantCulture, out var max) ? max : null)
            : null;
}

using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class SqlAccountingConnector : Connector
{
    private const string RegionSetting = "region";
    private const string ServiceSetting = "service";
    private const string NamePattern = "^[a-z0-9-]{2,64}$";
    private static readonly string[] _credentialWords = ["signature", "security token", "credential"];

    public override ConnectorInfo Info { get; } = new(
        "sql-accounting", "SQL Accounting", ProviderCategory.Accounting, "Accounting software from Malaysia.", ["Customers", "Stock items", "Sales invoices"],
        "https://docs.sql.com.my/sqlacc/sql-account-api/", new ProviderTile("Sq", "#0a5c9e"));

    public override ConnectorHelp Help { get; } = new(
        [
            "In SQL Account open Tools, Maintain User and make a user for the hub: a user with an API key can no longer sign in to SQL Account.",
            "Open the user's Detail, More, API Secret Key and generate a key. The secret is shown once.",
            "Enter access key and secret key. The company comes with the access key.",
        ],
        [
            "Requests are signed with AWS Signature Version 4. Newer clients sign for the region ap-southeast-5 and the service sqlaccount, which the hub does too; the vendor's sample of 2025 signs for ap-southeast-1 and execute-api. If every call is refused, change both in the settings.",
            "The form of keys, the address of the health check and the members of the company profile are known from other programs only (unverified).",
            "No rate limit is published, so the hub sends four requests at once at most. The company's SQL Account may have to be online (unverified).",
            "Lists cannot be filtered by time, fifty rows at a time is the most, and they hold the heads only: every sync reads all heads, and the whole of each customer and invoice that changed since the last one by the time in its head.",
            "Customers that the hub makes get a code of ten characters that begins with H. Ringgit (MYR) counts as the company's own currency, which SQL Accounting writes as ----.",
            "What is answered to a write, and that a duplicate number or code is refused with the word duplicate or unique, is known from other programs only (unverified).",
            "Invoice lines lead to stock items by their code. A line whose product was taken away in the hub keeps its code in SQL Accounting.",
            "A field that was emptied in the hub keeps its value in SQL Accounting: no way to empty it is documented.",
            "SQL Accounting sends no webhooks.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new FieldsMethod(AuthMode.ApiKey,
        [
            new("accessKey", "Access key", @"^[^\s/,]{8,128}/[^\s/,]{1,64}$", "It ends in .sql.my/ and the code of the user."),
            new("secretKey", "Secret key", @"^\S{16,256}$", "Usually 64 characters, 0 to 9 and a to f."),
            new(RegionSetting, "Region", NamePattern, "Leave empty for ap-southeast-5.") { IsSecret = false, IsOptional = true },
            new(ServiceSetting, "Service", NamePattern, "Leave empty for sqlaccount.") { IsSecret = false, IsOptional = true },
        ]),
    ];

    // A key carries the rights of its user.
    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read customers", []),
        new("write:contacts", "Create and change customers", []),
        new("read:products", "Read stock items", []),
        new("write:products", "Create and change stock items", []),
        new("read:invoices", "Read sales invoices", []),
        new("write:invoices", "Create and change sales invoices", []),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => SqlAccountingData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
    [
        new(RegionSetting, "Region", "The AWS region for which requests are signed.") { Pattern = NamePattern, Default = "ap-southeast-5" },
        new(ServiceSetting, "Service", "The AWS service for which requests are signed.") { Pattern = NamePattern, Default = "sqlaccount" },
    ];

    public override string ApiBaseUrl => "https://api.sql.my";

    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.Unlimited with { Concurrent = 4 };

    public override async ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        // What is signed must be what is sent.
        request.Headers.Host = url.Authority;
        Dictionary<string, string> headers = new(StringComparer.Ordinal) { ["host"] = url.Authority, ["x-amz-date"] = AwsSignature.DateOf(session.Time.GetUtcNow()) };
        if (request.Content?.Headers.ContentType is { } type)
        {
            headers["content-type"] = type.ToString();
        }

        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var signature = new AwsSignature(session.Credential["accessKey"] ?? "", session.Credential["secretKey"] ?? "", session.Setting(RegionSetting)!, session.Setting(ServiceSetting)!);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", headers["x-amz-date"]);
        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorize(request.Method.Method, url.AbsolutePath, url.Query.TrimStart('?'), headers, body));
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        var fault = base.ReadFault(answer);
        // Note: the gateway answers 403 to keys and signatures that are wrong, too; only its words tell (unverified).
        return fault is { Kind: ProviderFaultKind.Forbidden } && _credentialWords.Any(word => fault.Message.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? new ProviderFault(ProviderFaultKind.Unauthorized, fault.Message, fault.Status, fault.RetryAfter)
            : fault;
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        await session.GetAsync("/healthcheck", cancellationToken);
        var company = await ReadCompanyAsync(session, cancellationToken);
        return new ProviderAccount(company ?? "", company ?? "SQL Accounting company");
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => SqlAccountingData.ReadAsync(session, request, cancellationToken);

    public override async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        [await SqlAccountingData.WriteAsync(session, request.DataType, request.Rows[0], cancellationToken)];

    // The name is a courtesy: a key that may not read the profile is good all the same.
    private static async Task<string?> ReadCompanyAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        try
        {
            var profile = (await session.GetAsync("/profile", cancellationToken)).TryJson();
            var first = profile?.ItemsAt("data").FirstOrDefault() is { ValueKind: JsonValueKind.Object } row ? row : profile;
            return first?.TextAt("companyname");
        }
        catch (ProviderFault fault) when (fault.Kind is ProviderFaultKind.Forbidden or ProviderFaultKind.Refused)
        {
            return null;
        }
    }
}

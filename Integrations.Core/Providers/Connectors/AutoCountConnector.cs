using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class AutoCountConnector : Connector
{
    private const string BookFact = "accountBookId";
    private const string KeyIdField = "keyId";
    private const string GuidPattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

    public override ConnectorInfo Info { get; } = new(
        "autocount", "AutoCount", ProviderCategory.Accounting, "AutoCount Cloud Accounting.", ["Debtors", "Products", "Invoices"],
        "https://accounting-api.autocountcloud.com/documentation", new ProviderTile("Ac", "#b02a1f"));

    public override ConnectorHelp Help { get; } = new(
        [
            "In AutoCount Cloud Accounting open Settings, API Keys, Create.",
            "Allow the methods for debtors, products and invoices. Listing debtors is needed even if nothing else is: the hub tests the key with it.",
            "Copy Key ID and API Key. The account book's number stands in the address of AutoCount's pages.",
        ],
        [
            "This is AutoCount Cloud Accounting. AutoCount 2.x on one's own computer has no such API.",
            "The forms of Key ID and API Key are known from other programs only (unverified). No rate limit is published, so the hub sends four requests at once at most.",
            "Debtors and products cannot be filtered by time: every sync reads all of them, a hundred rows at a time, in no certain order.",
            "Lists of invoices hold their heads only, so that each changed invoice is read one by one. An address is one text of 200 characters.",
            "That changes are made with PUT, that a code which exists is refused with the word exists, and that lists tell the time of the last change, could not be confirmed from AutoCount's documentation.",
            "Invoice lines lead to products by their code. A line without a product that comes to stand where one with a product stood is sent with an empty code, which AutoCount is expected to take (unverified).",
            "A field that was emptied in the hub keeps its value in AutoCount: no way to empty it is documented.",
            "AutoCount sends no webhooks, as far as its documentation tells (unverified).",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new FieldsMethod(AuthMode.ApiKey,
        [
            new(KeyIdField, "Key ID", GuidPattern, "Five groups of digits and letters a to f, with hyphens."),
            new("apiKey", "API key", GuidPattern, "Five groups of digits and letters a to f, with hyphens."),
            new(BookFact, "Account book", "^[0-9]{1,18}$", "The number of the account book.") { IsSecret = false },
        ]),
    ];

    // A key is made with the methods that it may call.
    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read debtors", []),
        new("write:contacts", "Create and change debtors", []),
        new("read:products", "Read products", []),
        new("write:products", "Create and change products", []),
        new("read:invoices", "Read invoices", []),
        new("write:invoices", "Create and change invoices", []),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => AutoCountData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
    [
        new(AutoCountData.TermSetting, "Credit term", "The credit term of debtors that the hub makes, exactly as AutoCount calls it.") { Pattern = @"^[^\r\n]{1,30}$", Default = "C.O.D." },
        new(AutoCountData.CurrencySetting, "Currency", "The currency of debtors that the hub makes.") { Pattern = "^[A-Z]{3}$", Default = "MYR" },
        new(AutoCountData.LocationSetting, "Sales location", "The location of invoices that the hub makes.") { Pattern = @"^[^\r\n]{1,30}$", Default = "HQ" },
        new(AutoCountData.AccountSetting, "Sales account", "The account of invoice lines that the hub makes; AutoCount fills it in by the product when left empty.") { Pattern = "^[A-Za-z0-9-]{1,12}$" },
    ];

    public override string ApiBaseUrl => "https://accounting-api.autocountcloud.com";

    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.Unlimited with { Concurrent = 4 };

    // Note: the account book is no parameter but the first part of every path.
    public override string BaseUrlFor(ProviderSession session) => $"{session.Urls.ApiBase}/{Uri.EscapeDataString(session.Fact(BookFact))}";

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Key-ID", session.Credential[KeyIdField]);
        request.Headers.TryAddWithoutValidation("API-Key", session.Credential[ProviderCredential.ApiKeyName]);
        return ValueTask.CompletedTask;
    }

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync("/debtor/listing?page=1&activeOnly=true", cancellationToken);
        if (ReadAnyCase(answer.Json, "data") is not { ValueKind: JsonValueKind.Array })
        {
            throw new ProviderFault(ProviderFaultKind.Refused, "AutoCount answered with something else than a list of debtors.", answer.Status);
        }

        var book = session.Fact(BookFact);
        return new ProviderAccount(book, $"Account book {book}");
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => AutoCountData.ReadAsync(session, request, cancellationToken);

    public override async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        [await AutoCountData.WriteAsync(session, request.DataType, request.Rows[0], cancellationToken)];

    public override Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken) =>
        AutoCountData.FindAsync(session, dataType, row, cancellationToken);

    protected override string? ReadMessage(JsonElement body) => ReadAnyCase(body, "message") is { ValueKind: JsonValueKind.String } message ? message.GetString() : base.ReadMessage(body);

    // Note: the documentation writes names in camelCase, and answers come in PascalCase.
    private static JsonElement? ReadAnyCase(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object
        && body.EnumerateObject().FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Value.ValueKind: not JsonValueKind.Undefined } found
            ? found.Value
            : null;
}

namespace Integrations.Core.Events;

/// <summary>An event type that the hub knows.</summary>
/// <param name="Name">The dotted name.</param>
/// <param name="Description">When it happens, in one sentence.</param>
/// <param name="Example">An example of <c>data</c>, as JSON.</param>
/// <param name="ByHub">Whether the hub itself publishes it; programs may not.</param>
public sealed record EventType(string Name, string Description, string Example, bool ByHub = false)
{
    /// <summary>The first word, by which pages group types.</summary>
    public string Group => Name[..Name.IndexOf('.')];
}

/// <summary>The event types that every organization has.</summary>
public static class EventCatalogue
{
    private const string Contact =
        """{"contactId":"contact-123","firstName":"John","lastName":"Doe","email":"john@example.com","phone":"+1234567890","cardId":"card-123"}""";

    private const string Invoice =
        """{"invoiceId":"invoice-123","number":"INV-1001","contactId":"contact-123","status":"open","currency":"USD","amount":1000.00,"balance":1000.00,"dueDate":"2026-12-31"}""";

    private const string PaidInvoice =
        """{"invoiceId":"invoice-123","number":"INV-1001","contactId":"contact-123","status":"paid","currency":"USD","amount":1000.00,"balance":0.00,"dueDate":"2026-12-31"}""";

    private const string Payment =
        """{"paymentId":"payment-123","invoiceId":"invoice-123","contactId":"contact-123","amount":10.00,"currency":"USD","status":"completed"}""";

    private const string FailedPayment =
        """{"paymentId":"payment-123","invoiceId":"invoice-123","contactId":"contact-123","amount":10.00,"currency":"USD","status":"failed","reason":"card_declined"}""";

    private const string Subscription =
        """{"userId":"user-123","oldTier":"FREE","newTier":"PRO","effectiveDate":"2026-11-20T10:30:00Z"}""";

    private const string User = """{"userId":"user-123","email":"john@example.com","name":"John Doe"}""";

    private const string Project = """{"projectId":"project-123","name":"Website","status":"active","ownerId":"user-123"}""";

    private const string AiRequest = """{"requestId":"air-123","model":"text-large","inputTokens":812,"outputTokens":230,"milliseconds":1430}""";

    private const string Connection = """{"connectionId":"conn_01jd0000000000000000000000","provider":"xero","status":"connected"}""";

    private const string Sync =
        """{"syncId":"sync_01jd0000000000000000000000","connectionId":"conn_01jd0000000000000000000000","provider":"xero","recordsProcessed":100,"recordsSynced":95,"errors":5}""";

    private const string Endpoint =
        """{"endpointId":"we_01jd0000000000000000000000","url":"https://example.com/webhook","consecutiveFailures":5,"reason":"The endpoint answered 503."}""";

    /// <summary>All types, in the order in which pages list them.</summary>
    public static IReadOnlyList<EventType> All { get; } =
    [
        new("contact.created", "A contact was added.", Contact),
        new("contact.updated", "A contact was changed.", Contact),
        new("contact.deleted", "A contact was deleted.", """{"contactId":"contact-123"}"""),
        new("invoice.created", "An invoice was made.", Invoice),
        new("invoice.updated", "An invoice was changed.", Invoice),
        new("invoice.sent", "An invoice was sent to its customer.", Invoice),
        new("invoice.paid", "An invoice was paid in full.", PaidInvoice),
        new("invoice.overdue", "An invoice passed its due date unpaid.", Invoice),
        new("invoice.voided", "An invoice was voided.", Invoice),
        new("invoice.deleted", "An invoice was deleted.", """{"invoiceId":"invoice-123"}"""),
        new("payment.created", "A payment was begun.", Payment),
        new("payment.succeeded", "A payment went through.", Payment),
        new("payment.failed", "A payment did not go through.", FailedPayment),
        new("payment.refunded", "A payment was given back.", Payment),
        new("subscription.created", "A subscription began.", Subscription),
        new("subscription.updated", "A subscription changed its tier.", Subscription),
        new("subscription.canceled", "A subscription was cancelled.", Subscription),
        new("user.created", "A user was added.", User),
        new("user.updated", "A user was changed.", User),
        new("user.deleted", "A user was deleted.", """{"userId":"user-123"}"""),
        new("project.created", "A project was added.", Project),
        new("project.updated", "A project was changed.", Project),
        new("project.completed", "A project was completed.", Project),
        new("ai.request.completed", "A request to a model was answered.", AiRequest),
        new("ai.request.failed", "A request to a model failed.", """{"requestId":"air-123","model":"text-large","error":"rate_limited"}"""),
        new("card.viewed", "A card was viewed.", """{"cardId":"card-123","viewerId":"user-456","location":"New York, US","device":"mobile"}"""),
        new("link.clicked", "A link on a card was clicked.", """{"cardId":"card-123","linkType":"EMAIL","linkValue":"john@example.com"}"""),
        new("connection.created", "A provider was connected.", Connection, ByHub: true),
        new("connection.degraded", "A provider does not answer as it should; the hub keeps trying.", Connection, ByHub: true),
        new("connection.needs_authorization", "A connection's consent has ended; somebody must connect it again.", Connection, ByHub: true),
        new("connection.recovered", "A connection works again.", Connection, ByHub: true),
        new("connection.disconnected", "A provider was disconnected.", Connection, ByHub: true),
        new("sync.completed", "A sync run ended.", Sync, ByHub: true),
        new("sync.failed", "A sync run failed.", Sync, ByHub: true),
        new("webhook.endpoint.failing", "A webhook endpoint failed several deliveries in a row and will be switched off if it goes on.", Endpoint, ByHub: true),
        new("webhook.endpoint.disabled", "A webhook endpoint was switched off.", Endpoint, ByHub: true),
        new("webhook.endpoint.recovered", "A webhook endpoint that was failing accepts deliveries again.", Endpoint, ByHub: true),
        new(Test, "Somebody sent a test to one webhook endpoint.", """{"message":"This is a test from Integrations."}""", ByHub: true),
    ];

    /// <summary>The type of a test delivery; it goes to the tested endpoint alone.</summary>
    public const string Test = "webhook.endpoint.test";

    private static readonly Dictionary<string, EventType> _byName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static EventType? Find(string name) => _byName.GetValueOrDefault(name);
}

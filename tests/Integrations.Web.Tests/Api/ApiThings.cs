using Integrations.Testing;

namespace Integrations.Web.Tests.Api;

/// <summary>One of everything that routes name by an id, in one organization.</summary>
internal sealed record ApiThings(string Webhook, string Event, string Delivery, string Replay, string Key, string EventType, string Connection, string StoredKey, string Sync, string Contact, string Product,
    string Invoice, string Payment, string Record)
{
    // Nothing is asked of it when it is connected, and it is always there.
    private const string Provider = "custom";

    public IReadOnlyList<string> All => [Webhook, Event, Delivery, Replay, Key, EventType, Connection, StoredKey, Sync, Contact, Product, Invoice, Payment, Record];

    public static async Task<ApiThings> CreateAsync(HubTenant tenant)
    {
        // Nothing listens on port 9, and the endpoint's plan has no second try.
        var webhook = await tenant.Client.PostApiAsync("/api/webhooks", new { url = "http://localhost:9/", events = (string[])["custom.walk"], retry = new { delays = Array.Empty<int>() } });
        var id = webhook.String("webhook.id");
        var test = await tenant.Client.PostApiAsync($"/api/webhooks/{id}/test");
        var published = await tenant.Client.PostApiAsync("/api/events", new { @event = "custom.other", data = new { }, id = "walk-" + tenant.OrganizationId.ToString("N") });
        var key = await tenant.Client.PostApiAsync("/api/keys", new { name = "Walk", scopes = (string[])["events:read"] });
        var type = await tenant.Client.PostApiAsync("/api/event-types", new { name = "walk.defined_" + tenant.OrganizationId.ToString("N") });
        var replay = await tenant.Client.PostApiAsync($"/api/webhooks/{id}/replay", new { status = "failed" });
        var connection = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider = Provider, webhookUrl = "http://localhost:9/" });
        var stored = await tenant.Client.PostApiAsync("/api/integrations/api-keys", new { name = "Walk", value = "walk-" + tenant.OrganizationId.ToString("N"), provider = "stripe" });
        var contact = await tenant.Client.PostApiAsync("/api/contacts", new { name = "Walk" });
        var product = await tenant.Client.PostApiAsync("/api/products", new { name = "Walk" });
        var invoice = await tenant.Client.PostApiAsync("/api/invoices", new { number = "W-1" });
        var payment = await tenant.Client.PostApiAsync("/api/payments", new { description = "Walk" });
        var record = await tenant.Client.PostApiAsync("/api/records/walks", new { name = "Walk" });
        return new ApiThings(
            id, published.String("id"), test.String("delivery.id"), replay.String("replay.id"), key.String("keyId"), type.String("eventType.name"), connection.String("connectionId"),
            stored.String("apiKey.id"), await tenant.AddSyncRunAsync(connection.String("connectionId")), contact.String("contact.id"), product.String("product.id"), invoice.String("invoice.id"),
            payment.String("payment.id"), record.String("record.id"));
    }

    /// <summary>The route's path to these things.</summary>
    public string PathOf(ApiRoute route) => route.Path(parameter => (route.Template, parameter) switch
    {
        (_, "deliveryId") => Delivery,
        (var template, "id") when template.Contains("/webhooks/", StringComparison.Ordinal) => Webhook,
        (var template, "id") when template.Contains("/replays/", StringComparison.Ordinal) => Replay,
        (var template, "id") when template.Contains("/events/", StringComparison.Ordinal) => Event,
        (var template, "id") when template.Contains("/keys/", StringComparison.Ordinal) => Key,
        (var template, "name") when template.Contains("/event-types/", StringComparison.Ordinal) => EventType,
        (var template, "id") when template.Contains("/connections/", StringComparison.Ordinal) => Connection,
        (var template, "id") when template.Contains("/integrations/api-keys/", StringComparison.Ordinal) => StoredKey,
        (_, "idOrProvider") => Connection,
        (_, "syncId") => Sync,
        (var template, "id") when template.Contains("/contacts/", StringComparison.Ordinal) => Contact,
        (var template, "id") when template.Contains("/products/", StringComparison.Ordinal) => Product,
        (var template, "id") when template.Contains("/invoices/", StringComparison.Ordinal) => Invoice,
        (var template, "id") when template.Contains("/payments/", StringComparison.Ordinal) => Payment,
        (var template, "id") when template.Contains("/records/", StringComparison.Ordinal) => Record,
        (var template, "dataType") when template.Contains("/records/", StringComparison.Ordinal) => "walks",
        (_, "dataType") => "contacts",
        (_, "provider") => Provider,
        (var template, "name") when template.Contains("/choices/", StringComparison.Ordinal) => "list",
        (_, "action") => "send-message",
        _ => throw new InvalidOperationException($"Say here which id {route} takes, so that the walks over all routes try it."),
    });
}

using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Records;

/// <summary>Many records in one request, and what changes of records leave behind: events and entries of the audit log.</summary>
public sealed class RecordsApiBulkTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Each_item_has_an_outcome_of_its_own_in_the_order_of_the_request(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var ada = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada", email = "ada@example.com" })).String("contact.id");
        var bob = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Bob", email = "bob@example.com" })).String("contact.id");

        var reply = await BulkAsync(
            tenant, "contacts",
            new { email = "ADA@example.com", phone = "1" },
            new { id = bob, name = "Bob" },
            new { name = "Eve", email = "eve@example.com" },
            new { name = "Eve again", email = "eve@example.com" },
            new { name = "Wrong", email = "nobody" },
            new { id = "con_00000000000000000000000000", name = "Nobody" },
            new { id = 7, name = "Nobody" },
            "Ada");

        Assert.Equal(["updated", "unchanged", "created", "failed", "failed", "failed", "failed", "failed"], Statuses(reply));
        Assert.Equal([ada, bob], reply["items"].EnumerateArray().Take(2).Select(item => Text(item, "id")));
        Assert.All(reply["items"].EnumerateArray().Take(3), item => Assert.Null(Text(item, "error")));
        Assert.All(reply["items"].EnumerateArray().Skip(3), item => Assert.Null(Text(item, "id")));
        Assert.Equal("Item 2 of this request has the same email.", Text(reply["items"][3], "error"));
        Assert.Contains("email must be an e-mail address", Text(reply["items"][4], "error"), StringComparison.Ordinal);
        Assert.Equal("1", (await tenant.Client.GetApiAsync($"/api/contacts/{ada}")).String("contact.phone"));
        Assert.Equal(3, (await tenant.Client.GetApiAsync("/api/contacts"))["contacts"].GetArrayLength());
    }

    [Fact]
    public async Task Products_are_known_by_their_SKU_and_invoices_by_their_number()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        Assert.Equal(["created"], Statuses(await BulkAsync(tenant, "products", new { sku = "P-1", name = "Paper" })));
        Assert.Equal(["updated"], Statuses(await BulkAsync(tenant, "products", new { sku = "p-1", name = "Card" })));
        Assert.Equal(["created"], Statuses(await BulkAsync(tenant, "invoices", new { number = "INV-1", status = "draft" })));
        Assert.Equal(["unchanged"], Statuses(await BulkAsync(tenant, "invoices", new { number = "INV-1", status = "draft" })));
        Assert.Equal(["created", "created"], Statuses(await BulkAsync(tenant, "payments", new { description = "A" }, new { description = "A" })));
        Assert.Equal(["created"], Statuses(await BulkAsync(tenant, "records/tickets", new { name = "A", priority = 1 })));
    }

    [Theory]
    [InlineData("{}", "items")]
    [InlineData("""{"items":[]}""", "items")]
    [InlineData("""{"items":{}}""", "items")]
    [InlineData("""{"records":[]}""", "records")]
    public async Task A_request_without_items_is_refused(string body, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/contacts/bulk", body), field);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/records/tickets/bulk", body), field);
    }

    [Fact]
    public async Task A_thousand_items_are_taken_and_not_one_more()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await BulkAsync(tenant, "contacts", [.. Enumerable.Range(0, 1_001).Select(i => new { name = $"{i}" })]), "items");
        Assert.Empty((await tenant.Client.GetApiAsync("/api/contacts"))["contacts"].EnumerateArray());
        Assert.Equal(1_000, (await BulkAsync(tenant, "contacts", [.. Enumerable.Range(0, 1_000).Select(i => new { name = $"{i}" })]))["items"].GetArrayLength());
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_outcomes()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var body = new { items = new[] { new { description = "Twice?" } } };

        var first = await tenant.Client.CallAsync(HttpMethod.Post, "/api/payments/bulk", body, ("Idempotency-Key", "lot"));
        var again = await tenant.Client.CallAsync(HttpMethod.Post, "/api/payments/bulk", body, ("Idempotency-Key", "lot"));

        Assert.Equal(first.Text, again.Text);
        Assert.Single((await tenant.Client.GetApiAsync("/api/payments"))["payments"].EnumerateArray());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Changes_raise_the_events_of_the_catalogue_with_the_record(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var contact = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada", address = new { city = "London" } })).String("contact.id");
        await tenant.Client.PatchApiAsync($"/api/contacts/{contact}", new { name = "Ada L." });
        await tenant.Client.PatchApiAsync($"/api/contacts/{contact}", new { name = "Ada L." });
        await tenant.Client.DeleteApiAsync($"/api/contacts/{contact}");
        await BulkAsync(tenant, "invoices", new { number = "1", status = "open" });
        await BulkAsync(tenant, "invoices", new { number = "1", status = "paid" });
        await BulkAsync(tenant, "invoices", new { number = "1", status = "void" });
        var payment = (await tenant.Client.PostApiAsync("/api/payments", new { status = "completed" })).String("payment.id");
        await tenant.Client.PatchApiAsync($"/api/payments/{payment}", new { status = "refunded" });
        await tenant.Client.PostApiAsync("/api/products", new { name = "Quiet" });

        var events = (await tenant.Client.GetApiAsync("/api/events?limit=200"))["events"].EnumerateArray().Reverse().ToList();

        Assert.Equal(
            ["contact.created", "contact.updated", "contact.deleted", "invoice.created", "invoice.updated", "invoice.paid", "invoice.updated", "invoice.voided", "payment.created",
                "payment.succeeded", "payment.refunded"],
            events.Select(raised => Text(raised, "event")));
        var created = await tenant.Client.GetApiAsync($"/api/events/{Text(events[0], "id")}");
        Assert.Equal((contact, "Ada", "London"), (created.String("event.data.contactId"), created.String("event.data.name"), created.String("event.data.address.city")));
    }

    [Fact]
    public async Task Changes_are_audited_with_what_was_and_what_is()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var contact = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada", phone = "1" })).String("contact.id");
        await tenant.Client.PatchApiAsync($"/api/contacts/{contact}", new { phone = "2" });
        await tenant.Client.PatchApiAsync($"/api/contacts/{contact}", new { phone = "2" });
        await BulkAsync(tenant, "contacts", new { name = "Bob" }, new { email = "nobody" });
        await tenant.Client.DeleteApiAsync($"/api/contacts/{contact}");
        await tenant.Client.PostApiAsync("/api/contacts", new { email = "nobody" });

        var entries = (await tenant.Client.GetApiAsync("/api/audit?action=record"))["entries"].EnumerateArray().Reverse().ToList();

        Assert.Equal(["record.created", "record.updated", "record.bulk_changed", "record.deleted"], entries.Select(entry => Text(entry, "action")));
        Assert.Equal((contact, "Ada"), (Text(entries[1].GetProperty("target"), "id"), Text(entries[1].GetProperty("target"), "name")));
        Assert.Equal(("1", "2"), (Text(entries[1].GetProperty("before"), "phone"), Text(entries[1].GetProperty("after"), "phone")));
        Assert.Equal((1, 1), (entries[2].GetProperty("after").GetProperty("created").GetInt32(), entries[2].GetProperty("after").GetProperty("failed").GetInt32()));
        Assert.Equal(JsonValueKind.Null, entries[3].GetProperty("after").ValueKind);
    }

    [Fact]
    public async Task Reading_needs_one_scope_and_writing_another()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        using var reader = await tenant.CreateClientAsync(Scopes.RecordsRead);
        using var writer = await tenant.CreateClientAsync(Scopes.RecordsWrite);

        ProblemAssert.IsProblem(await reader.PostApiAsync("/api/contacts", new { name = "Ada" }), 403, "records:write is missing");
        ProblemAssert.IsProblem(await reader.PostApiAsync("/api/contacts/bulk", new { items = new[] { new { name = "Ada" } } }), 403, "records:write is missing");
        // Whoever may write is also shown what was made.
        Assert.Equal("Ada", (await writer.PostApiAsync("/api/contacts", new { name = "Ada" })).String("contact.name"));
        ProblemAssert.IsProblem(await writer.GetApiAsync("/api/contacts"), 403, "records:read is missing");
        ProblemAssert.IsProblem(await writer.GetApiAsync("/api/contacts/export"), 403, "records:read is missing");
        Assert.Single((await reader.GetApiAsync("/api/contacts"))["contacts"].EnumerateArray());
    }

    private static Task<ApiReply> BulkAsync(HubTenant tenant, string list, params object[] items) => tenant.Client.PostApiAsync($"/api/{list}/bulk", new { items });

    private static IEnumerable<string?> Statuses(ApiReply reply) => reply["items"].EnumerateArray().Select(item => Text(item, "status"));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

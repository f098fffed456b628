using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Records;

/// <summary>Records of every type are made, read, changed and deleted over REST.</summary>
public sealed class RecordsApiTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_contact_is_made_read_changed_and_deleted(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var made = await tenant.Client.PostApiAsync("/api/contacts", new
        {
            entityType = "person",
            contactType = "CUSTOMER",
            firstName = "Ada",
            lastName = "Lovelace",
            email = " ada@example.com ",
            phone = "+44 20 0100",
            jobTitle = "Analyst",
            company = "Analytical Engines",
            status = "subscribed",
            tags = (string[])["vip", "math", "vip"],
            address = new { line1 = "12 St James's Square", city = "London", postalCode = "SW1Y", country = "GB" },
            trafficChannel = "referral",
            customFields = new { tier = "gold", score = 9.50, isKnown = true, nested = new { a = (int[])[1, 2] } },
        });

        Assert.True(made.Status == 201, made.Text);
        Assert.True(made["success"].GetBoolean());
        var path = $"/api/contacts/{made.String("contact.id")}";
        Assert.Equal(path, made.Headers.Location?.OriginalString);
        Assert.StartsWith("con_", made.String("contact.id"), StringComparison.Ordinal);
        Assert.Equal(("Ada Lovelace", "customer", "ada@example.com"), (made.String("contact.name"), made.String("contact.contactType"), made.String("contact.email")));
        Assert.Equal(["vip", "math"], made["contact.tags"].EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(("London", "GB"), (made.String("contact.address.city"), made.String("contact.address.country")));
        Assert.Equal(("gold", 9.5m, true), (made.String("contact.customFields.tier"), made["contact.customFields.score"].GetDecimal(), made["contact.customFields.isKnown"].GetBoolean()));
        Assert.Equal(2, made["contact.customFields.nested.a"].GetArrayLength());
        Assert.Empty(made["contact.external"].EnumerateArray());
        Assert.Equal(made["contact.createdAt"].GetDateTimeOffset(), made["contact.updatedAt"].GetDateTimeOffset());
        Assert.Equal(made["contact"].GetRawText(), (await tenant.Client.GetApiAsync(path))["contact"].GetRawText());

        var changed = await tenant.Client.PatchApiAsync(path, new { name = "A. Lovelace", jobTitle = (string?)null, address = new { city = "Paris" }, customFields = new { tier = (string?)null } });

        Assert.True(changed.Status == 200, changed.Text);
        Assert.Equal(("A. Lovelace", "Paris", "GB"), (changed.String("contact.name"), changed.String("contact.address.city"), changed.String("contact.address.country")));
        Assert.False(changed["contact"].TryGetProperty("jobTitle", out _));
        Assert.False(changed["contact.customFields"].TryGetProperty("tier", out _));
        Assert.Equal("Ada", changed.String("contact.firstName"));

        var deleted = await tenant.Client.DeleteApiAsync(path);
        Assert.Equal((200, "The contact was deleted"), (deleted.Status, deleted.String("message")));
        ProblemAssert.IsProblem(await tenant.Client.GetApiAsync(path), 404, "read");
        ProblemAssert.IsProblem(await tenant.Client.PatchApiAsync(path, new { name = "B" }), 404, "change");
        ProblemAssert.IsProblem(await tenant.Client.DeleteApiAsync(path), 404, "delete");
        Assert.Empty((await tenant.Client.GetApiAsync("/api/contacts"))["contacts"].EnumerateArray());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_invoice_has_its_contact_and_lines(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var contact = (await tenant.Client.PostApiAsync("/api/contacts", new { companyName = "Acme" })).String("contact.id");
        var product = (await tenant.Client.PostApiAsync("/api/products", new { sku = "P-1", name = "Paper", unitPrice = 2.50, currency = "usd", isActive = true })).String("product.id");
        var made = await tenant.Client.PostApiAsync("/api/invoices", new
        {
            number = "INV-7",
            contactId = contact,
            status = "open",
            currency = "usd",
            amount = 12.50,
            balance = 12.50,
            date = "2026-03-01T23:30:00Z",
            dueDate = new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(),
            lines = new object[] { new { amount = 5, description = "Paper", quantity = 2, unitPrice = 2.5, productId = product }, new { description = "Delivery", amount = 7.50 } },
        });

        Assert.True(made.Status == 201, made.Text);
        Assert.Equal(("2026-03-01", "2026-03-31", "USD"), (made.String("invoice.date"), made.String("invoice.dueDate"), made.String("invoice.currency")));
        Assert.Equal((12.5m, contact), (made["invoice.amount"].GetDecimal(), made.String("invoice.contactId")));
        var lines = made["invoice.lines"].EnumerateArray().ToList();
        Assert.Equal((product, 2), (lines[0].GetProperty("productId").GetString(), lines[0].GetProperty("quantity").GetInt32()));
        Assert.Equal(("Delivery", 7.5m), (lines[1].GetProperty("description").GetString(), lines[1].GetProperty("amount").GetDecimal()));

        var path = $"/api/invoices/{made.String("invoice.id")}";
        var changed = await tenant.Client.PatchApiAsync(path, new { status = "paid", balance = 0, lines = new[] { new { description = "All", amount = 12.5 } } });
        Assert.Equal(("paid", 0m, 1), (changed.String("invoice.status"), changed["invoice.balance"].GetDecimal(), changed["invoice.lines"].GetArrayLength()));
        Assert.Equal(200, (await tenant.Client.DeleteApiAsync(path)).Status);
        ProblemAssert.IsProblem(await tenant.Client.GetApiAsync(path), 404, "read");
    }

    [Fact]
    public async Task A_payment_leads_to_its_invoice_and_contact()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var contact = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada" })).String("contact.id");
        var invoice = (await tenant.Client.PostApiAsync("/api/invoices", new { number = "1", contactId = contact })).String("invoice.id");

        var made = await tenant.Client.PostApiAsync("/api/payments", new { amount = 10, currency = "EUR", status = "pending", invoiceId = invoice, contactId = contact, paidAt = "2026-03-01T10:00:00+02:00" });

        Assert.True(made.Status == 201, made.Text);
        Assert.Equal((invoice, contact), (made.String("payment.invoiceId"), made.String("payment.contactId")));
        Assert.Equal("2026-03-01T08:00:00Z", made.String("payment.paidAt"));
        var path = $"/api/payments/{made.String("payment.id")}";
        Assert.Equal("refunded", (await tenant.Client.PatchApiAsync(path, new { status = "refunded" })).String("payment.status"));
        Assert.Equal("The payment was deleted", (await tenant.Client.DeleteApiAsync(path)).String("message"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_product_and_a_record_of_a_provider_s_own_type_are_made_changed_and_deleted(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        foreach (var (list, name, body) in new (string, string, object)[]
        {
            ("/api/products", "product", new { sku = "P-1", name = "Paper", description = "A4", unitPrice = 2.5, currency = "USD", isActive = true, customFields = new { weight = 80 } }),
            ("/api/records/tickets", "record", new { name = "Paper", status = "Waiting", priority = 3, isOpen = true, steps = (string[])["a", "b"], owner = new { team = "Desk" } }),
        })
        {
            var made = await tenant.Client.PostApiAsync(list, body);
            Assert.True(made.Status == 201, made.Text);
            var path = $"{list}/{made.String($"{name}.id")}";
            Assert.Equal(path, made.Headers.Location?.OriginalString);
            foreach (var member in JsonSerializer.SerializeToElement(body, JsonSerializerOptions.Web).EnumerateObject())
            {
                Assert.Equal(member.Value.GetRawText(), made[name].GetProperty(member.Name).GetRawText());
            }

            Assert.Equal("Card", (await tenant.Client.PatchApiAsync(path, new { name = "Card" })).String($"{name}.name"));
            Assert.Equal("Card", (await tenant.Client.GetApiAsync(path)).String($"{name}.name"));
            Assert.Equal(200, (await tenant.Client.DeleteApiAsync(path)).Status);
            ProblemAssert.IsProblem(await tenant.Client.GetApiAsync(path), 404, path);
        }
    }

    [Fact]
    public async Task An_object_of_fields_is_taken_away_with_null()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var made = await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada", address = new { city = "London", country = "GB" }, customFields = new { tier = "gold" } });

        var changed = await tenant.Client.PatchApiAsync($"/api/contacts/{made.String("contact.id")}", new { address = (object?)null, customFields = (object?)null });

        Assert.True(changed.Status == 200, changed.Text);
        Assert.False(changed["contact"].TryGetProperty("address", out _));
        Assert.False(changed["contact"].TryGetProperty("customFields", out _));
        Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Bob", address = (object?)null })).Status);
    }

    [Fact]
    public async Task A_type_with_routes_of_its_own_is_served_there_only()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var contact = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada" })).String("contact.id");

        foreach (var path in new[] { "/api/records/contacts", $"/api/records/contacts/{contact}", "/api/records/Tickets", "/api/records/a", $"/api/products/{contact}", "/api/contacts/con_nothing" })
        {
            ProblemAssert.IsProblem(await tenant.Client.GetApiAsync(path), 404, path);
        }
    }

    [Fact]
    public async Task A_repeated_creation_with_the_same_idempotency_key_makes_one_record()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        foreach (var list in new[] { "contacts", "products", "records/tickets" })
        {
            var first = await KeyedAsync(list, new { name = "Once" });
            var again = await KeyedAsync(list, new { name = "Once" });

            Assert.Equal((201, first.Text, first.Headers.Location), (again.Status, again.Text, again.Headers.Location));
            ProblemAssert.IsFault(await KeyedAsync(list, new { name = "Other" }), "Idempotency-Key", 409);
            Assert.Equal(1, (await tenant.Client.GetApiAsync($"/api/{list}"))[list.Split('/')[0]].GetArrayLength());
        }

        Task<ApiReply> KeyedAsync(string list, object body) => tenant.Client.CallAsync(HttpMethod.Post, $"/api/{list}", body, ("Idempotency-Key", list));
    }
}

using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Records;

/// <summary>What the record routes refuse, and at which field.</summary>
public sealed class RecordsApiFaultTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private static readonly string[] _lists = ["contacts", "products", "invoices", "payments", "records/tickets"];

    [Theory]
    [InlineData("contacts", """{"name":"A","email":"nobody"}""", "email")]
    [InlineData("contacts", """{"contactType":"friend"}""", "contactType")]
    [InlineData("contacts", """{"entityType":7}""", "entityType")]
    [InlineData("contacts", """{"status":"open"}""", "status")]
    [InlineData("contacts", """{"tags":"vip"}""", "tags")]
    [InlineData("contacts", """{"tags":[1]}""", "tags")]
    [InlineData("contacts", """{"name":{"first":"A"}}""", "name")]
    [InlineData("contacts", """{"address":{"planet":"Mars"}}""", "address.planet")]
    [InlineData("contacts", """{"address":"London"}""", "address")]
    [InlineData("contacts", """{"customFields":[1]}""", "customFields")]
    [InlineData("contacts", """{"customFields":{"":1}}""", "customFields.")]
    [InlineData("contacts", """{"shoeSize":42}""", "shoeSize")]
    [InlineData("contacts", """{"id":"con_00000000000000000000000000","name":"A"}""", "id")]
    [InlineData("contacts", """{"name":"\ud800"}""", "name")]
    [InlineData("contacts", """{"customFields":{"a":["\udc00"]}}""", "customFields")]
    [InlineData("products", """{"name":"A","isActive":"perhaps"}""", "isActive")]
    [InlineData("products", """{"name":"A","unitPrice":1}""", "currency")]
    [InlineData("products", """{"name":"A","unitPrice":1e30,"currency":"USD"}""", "unitPrice")]
    [InlineData("products", """{"name":"A","currency":"dollars"}""", "currency")]
    [InlineData("invoices", """{"number":"1","amount":"a lot","currency":"USD"}""", "amount")]
    [InlineData("invoices", """{"number":"1","date":"soon"}""", "date")]
    [InlineData("invoices", """{"number":"1","contactId":"me"}""", "contactId")]
    [InlineData("invoices", """{"number":"1","lines":{}}""", "lines")]
    [InlineData("invoices", """{"number":"1","lines":[{"quantity":"two"}]}""", "lines")]
    [InlineData("invoices", """{"number":"1","customFields":{"a":1}}""", "customFields.a")]
    [InlineData("payments", """{"amount":1,"currency":"USD","status":"paid"}""", "status")]
    [InlineData("payments", """{"paidAt":true}""", "paidAt")]
    [InlineData("payments", """{"invoiceId":12}""", "invoiceId")]
    [InlineData("records/tickets", """{"name":"A","id":"mine"}""", "id")]
    [InlineData("records/tickets", """{"name":"A","createdAt":"2026-01-01"}""", "createdAt")]
    [InlineData("records/tickets", """{"name":"A","external":[]}""", "external")]
    [InlineData("records/tickets", """{"name":"A","amount":"much"}""", "amount")]
    public async Task A_malformed_record_is_refused_at_its_field(string list, string body, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var known = await tenant.Client.PostApiAsync($"/api/{list}", list is "invoices" ? new { number = "0" } : list is "payments" ? new { description = "0" } : new { name = "0" });
        Assert.True(known.Status == 201, known.Text);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync($"/api/{list}", body), field);
        ProblemAssert.IsFault(await tenant.Client.CallAsync(HttpMethod.Patch, known.Headers.Location!.OriginalString, body), field);
        var item = Assert.Single((await tenant.Client.PostApiAsync($"/api/{list}/bulk", $$"""{"items":[{{body}}]}"""))["items"].EnumerateArray());
        Assert.Equal("failed", item.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_field_that_stands_twice_is_refused()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/contacts", """{"name":"A","name":"B"}"""), "name");
    }

    [Fact]
    public async Task All_faults_of_a_record_are_told_at_once()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var refused = await tenant.Client.PostApiAsync("/api/invoices", new { amount = 1, status = "late", dueDate = "soon", colour = "red" });

        ProblemAssert.IsProblem(refused, 400, "four faults");
        Assert.Equal(["status", "dueDate", "colour", "currency"], refused.Fields);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{}")]
    public async Task A_body_that_is_no_record_is_refused(string body)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        foreach (var list in _lists)
        {
            ProblemAssert.IsProblem(await tenant.Client.PostApiAsync($"/api/{list}", body), 400, list);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_reference_has_to_lead_to_a_record_of_the_organization(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var other = await hubs.CreateOrganizationAsync(database);
        var contact = (await other.Client.PostApiAsync("/api/contacts", new { name = "Foreign" })).String("contact.id");
        var product = (await other.Client.PostApiAsync("/api/products", new { name = "Foreign" })).String("product.id");
        var invoice = (await other.Client.PostApiAsync("/api/invoices", new { number = "Foreign" })).String("invoice.id");
        var own = (await tenant.Client.PostApiAsync("/api/invoices", new { number = "Own" })).String("invoice.id");
        var gone = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Gone" })).String("contact.id");
        await tenant.Client.DeleteApiAsync($"/api/contacts/{gone}");

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/invoices", new { number = "1", contactId = contact }), "contactId", 422);
        ProblemAssert.IsFault(await tenant.Client.PatchApiAsync($"/api/invoices/{own}", new { contactId = contact }), "contactId", 422);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/payments", new { invoiceId = invoice, contactId = contact }), "contactId", 422);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/payments", new { invoiceId = invoice }), "invoiceId", 422);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/payments", new { contactId = own }), "contactId", 422);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/records/tickets", new { contactId = contact }), "contactId", 422);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/invoices", new { number = "1", contactId = gone }), "contactId", 422);
        var lines = new object[] { new { description = "Own" }, new { productId = product } };
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/invoices", new { number = "1", lines }), "lines[1].productId", 422);
        var bulk = await tenant.Client.PostApiAsync("/api/invoices/bulk", new { items = new object[] { new { number = "2", contactId = contact }, new { number = "3", lines } } });
        Assert.All(bulk["items"].EnumerateArray(), item => Assert.Equal("failed", item.GetProperty("status").GetString()));
        Assert.Single((await tenant.Client.GetApiAsync("/api/invoices"))["invoices"].EnumerateArray());
    }

    [Fact]
    public async Task What_a_record_refers_to_may_be_deleted_and_the_record_still_changed()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var contact = (await tenant.Client.PostApiAsync("/api/contacts", new { name = "Ada" })).String("contact.id");
        var invoice = (await tenant.Client.PostApiAsync("/api/invoices", new { number = "1", contactId = contact })).String("invoice.id");
        await tenant.Client.DeleteApiAsync($"/api/contacts/{contact}");

        Assert.Equal("paid", (await tenant.Client.PatchApiAsync($"/api/invoices/{invoice}", new { status = "paid" })).String("invoice.status"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_organization_s_record_is_not_there(DatabaseProvider database)
    {
        var owner = await hubs.CreateOrganizationAsync(database);
        var stranger = await hubs.CreateOrganizationAsync(database);
        foreach (var list in _lists)
        {
            var made = await owner.Client.PostApiAsync($"/api/{list}", list == "invoices" ? new { number = "1" } : list == "payments" ? new { description = "1" } : new { name = "1" });
            var path = made.Headers.Location!.OriginalString;

            ProblemAssert.IsProblem(await stranger.Client.GetApiAsync(path), 404, path);
            ProblemAssert.IsProblem(await stranger.Client.PatchApiAsync(path, new { status = "open" }), 404, path);
            ProblemAssert.IsProblem(await stranger.Client.DeleteApiAsync(path), 404, path);
            var bulk = await stranger.Client.PostApiAsync($"/api/{list}/bulk", new { items = new[] { new { id = path.Split('/')[^1], status = "open" } } });
            Assert.Equal("failed", bulk["items"][0].GetProperty("status").GetString());
            Assert.Equal(0, (await stranger.Client.GetApiAsync($"/api/{list}"))[list.Split('/')[0]].GetArrayLength());
            Assert.DoesNotContain(path.Split('/')[^1], await stranger.Client.GetStringAsync($"/api/{list}/export"), StringComparison.Ordinal);
            Assert.Equal(200, (await owner.Client.GetApiAsync(path)).Status);
        }
    }
}

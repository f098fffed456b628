using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Records;

/// <summary>Lists of records over REST: their filters, pages, and the same as CSV.</summary>
public sealed class RecordsApiListTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Contacts_are_found_by_each_filter(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var ada = await MakeAsync(tenant, "contacts", new { name = "Ada Löwe", email = "ada@example.com", contactType = "customer", status = "subscribed" });
        var bob = await MakeAsync(tenant, "contacts", new { name = "Bob 100%_", phone = "+1 555 0100", contactType = "lead", status = "pending" });
        var eve = await MakeAsync(tenant, "contacts", new { companyName = "Eve & Sons", contactType = "customer", status = "unsubscribed" });

        Assert.Equal([eve, bob, ada], await IdsAsync(tenant, "contacts", ""));
        Assert.Equal([ada], await IdsAsync(tenant, "contacts", "search=löwe"));
        Assert.Equal([ada], await IdsAsync(tenant, "contacts", "search=ADA@EX"));
        Assert.Equal([bob], await IdsAsync(tenant, "contacts", "search=555"));
        Assert.Equal([bob], await IdsAsync(tenant, "contacts", "search=100%25_"));
        Assert.Empty(await IdsAsync(tenant, "contacts", "search=100_%25"));
        Assert.Equal([eve], await IdsAsync(tenant, "contacts", "search=eve%20%26"));
        Assert.Equal([eve, ada], await IdsAsync(tenant, "contacts", "contactType=customer"));
        Assert.Equal([bob], await IdsAsync(tenant, "contacts", "status=PENDING"));
        Assert.Equal([ada], await IdsAsync(tenant, "contacts", "contactType=CUSTOMER&status=subscribed"));
        Assert.Empty(await IdsAsync(tenant, "contacts", "provider=stripe"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Invoices_payments_products_and_generic_records_are_found_by_their_own_filters(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var contact = await MakeAsync(tenant, "contacts", new { name = "Ada" });
        var invoice = await MakeAsync(tenant, "invoices", new { number = "INV-1", contactId = contact, status = "open" });
        var other = await MakeAsync(tenant, "invoices", new { number = "INV-2", status = "paid" });
        var payment = await MakeAsync(tenant, "payments", new { description = "Deposit", invoiceId = invoice, contactId = contact, status = "completed" });
        await MakeAsync(tenant, "payments", new { description = "Rest", status = "failed" });
        var product = await MakeAsync(tenant, "products", new { sku = "AX-9", name = "Axe" });
        await MakeAsync(tenant, "products", new { sku = "BX-9", name = "Box" });
        var ticket = await MakeAsync(tenant, "records/tickets", new { name = "Broken", status = "Waiting", contactId = contact });
        await MakeAsync(tenant, "records/notes", new { name = "Broken" });

        Assert.Equal([invoice], await IdsAsync(tenant, "invoices", $"contactId={contact}"));
        Assert.Equal([other], await IdsAsync(tenant, "invoices", "status=paid"));
        Assert.Equal([other], await IdsAsync(tenant, "invoices", "search=inv-2"));
        Assert.Equal([payment], await IdsAsync(tenant, "payments", $"invoiceId={invoice}"));
        Assert.Equal([payment], await IdsAsync(tenant, "payments", $"contactId={contact}&status=completed"));
        Assert.Equal([payment], await IdsAsync(tenant, "payments", "search=deposit"));
        Assert.Equal([product], await IdsAsync(tenant, "products", "search=ax-9"));
        Assert.Equal([ticket], await IdsAsync(tenant, "records/tickets", "search=broken"));
        Assert.Equal([ticket], await IdsAsync(tenant, "records/tickets", $"status=Waiting&contactId={contact}"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Records_are_listed_by_when_they_were_made_and_changed(DatabaseProvider database)
    {
        FakeClock clock = new(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Database = database, Time = clock });
        var tenant = hub.Tenant;
        clock.Advance(TimeSpan.FromHours(1));
        var first = await MakeAsync(tenant, "contacts", new { name = "First" });
        var made = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromDays(1));
        var second = await MakeAsync(tenant, "contacts", new { name = "Second" });
        var before = clock.GetUtcNow().AddMinutes(-1);
        clock.Advance(TimeSpan.FromDays(1));
        await tenant.Client.PatchApiAsync($"/api/contacts/{first}", new { phone = "1" });

        Assert.Equal([second], await IdsAsync(tenant, "contacts", $"from={Iso(before)}"));
        Assert.Equal([first], await IdsAsync(tenant, "contacts", $"to={Iso(before)}"));
        Assert.Equal([first], await IdsAsync(tenant, "contacts", $"startDate={made.AddMinutes(-1).ToUnixTimeMilliseconds()}&endDate={before.ToUnixTimeMilliseconds()}"));
        Assert.Equal([second, first], await IdsAsync(tenant, "contacts", $"updatedSince={Iso(before)}"));
        Assert.Equal([first], await IdsAsync(tenant, "contacts", $"updatedSince={Iso(before.AddHours(1))}"));
        Assert.Equal([first], await IdsAsync(tenant, "contacts", $"updatedSince={clock.GetUtcNow().ToUnixTimeMilliseconds()}"));
        var csv = await tenant.Client.GetStringAsync($"/api/contacts/export?to={Iso(before)}");
        Assert.Equal((true, false), (csv.Contains(first, StringComparison.Ordinal), csv.Contains(second, StringComparison.Ordinal)));

        static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Pages_go_through_all_records_once(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await tenant.Client.PostApiAsync("/api/contacts/bulk", new { items = Enumerable.Range(0, 7).Select(i => new { name = $"Contact {i}" }) });
        List<string?> seen = [];
        string? cursor = null;
        do
        {
            var page = await tenant.Client.GetApiAsync($"/api/contacts?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page["contacts"].EnumerateArray().Select(contact => contact.GetProperty("name").GetString()));
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null && seen.Count < 20);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"Contact {i}"), seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("contacts", "provider=nobody", "provider")]
    [InlineData("contacts", "service=nobody", "provider")]
    [InlineData("contacts", "updatedSince=lately", "updatedSince")]
    [InlineData("contacts", "contactType=friend", "contactType")]
    [InlineData("contacts", "status=open", "status")]
    [InlineData("contacts", "limit=1000", "limit")]
    [InlineData("contacts", "cursor=here", "cursor")]
    [InlineData("contacts", "from=lately", "from")]
    [InlineData("invoices", "contactId=ada", "contactId")]
    [InlineData("payments", "invoiceId=7", "invoiceId")]
    public async Task A_malformed_filter_is_refused_at_its_name(string list, string query, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.GetApiAsync($"/api/{list}?{query}"), field);
        if (field is not ("limit" or "cursor"))
        {
            ProblemAssert.IsFault(await tenant.Client.GetApiAsync($"/api/{list}/export?{query}"), field);
        }
    }

    [Fact]
    public async Task An_export_is_a_CSV_file_of_what_the_filters_let_through()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var ada = await MakeAsync(tenant, "contacts", new { name = "Ada, \"the\" Analyst", contactType = "customer", tags = (string[])["vip"], customFields = new { tier = "gold" } });
        await MakeAsync(tenant, "contacts", new { name = "Bob", contactType = "lead" });

        using var response = await tenant.Client.GetAsync("/api/contacts/export?contactType=customer");

        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("contacts.csv", response.Content.Headers.ContentDisposition?.FileName);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.StartsWith("id,entityType,contactType,name,companyName,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",customFields,createdAt,updatedAt", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{ada},,customer,\"Ada, \"\"the\"\" Analyst\",", Assert.Single(lines[1..]), StringComparison.Ordinal);
        Assert.Contains("\"{\"\"tier\"\":\"\"gold\"\"}\"", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=HYPERLINK(1)")]
    [InlineData("+1+1")]
    [InlineData("-1+1")]
    [InlineData("@SUM(1)")]
    [InlineData("\t=1")]
    public async Task A_spreadsheet_does_not_take_a_cell_for_a_formula(string name)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        await MakeAsync(tenant, "products", new { sku = "1", name });

        var csv = await tenant.Client.GetStringAsync("/api/products/export");

        Assert.Contains($"'{name}", csv, StringComparison.Ordinal);
        Assert.DoesNotContain($",{name}", csv, StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(HubTenant tenant, string list, object body)
    {
        var made = await tenant.Client.PostApiAsync($"/api/{list}", body);
        Assert.True(made.Status == 201, made.Text);
        return made.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private static async Task<IEnumerable<string?>> IdsAsync(HubTenant tenant, string list, string query)
    {
        var reply = await tenant.Client.GetApiAsync($"/api/{list}?{query}");
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal(JsonValueKind.Null, reply["nextCursor"].ValueKind);
        return reply[list.Split('/')[0]].EnumerateArray().Select(record => record.GetProperty("id").GetString());
    }
}

using System.Text;
using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>What a client writes comes back when it reads, and a second time changes the same row.</summary>
public sealed class DataWriteTests : SandboxTest
{
    public static TheoryData<string, string, string, string, string> Writes => new()
    {
        { "hubspot", "contacts", "POST", "/crm/v3/objects/contacts/batch/upsert", """{"inputs":[{"id":"new@write.example","idProperty":"email","properties":{"firstname":"NAME"}}]}""" },
        { "xero", "Contacts", "POST", "/api.xro/2.0/Contacts?summarizeErrors=false", """{"Contacts":[{"Name":"New Write","EmailAddress":"new@write.example","FirstName":"NAME"}]}""" },
        { "xero", "Items", "POST", "/api.xro/2.0/Items", """{"Items":[{"Code":"NEW","Name":"NAME"}]}""" },
        { "salesforce", "Contact", "PATCH", "/services/data/v60.0/composite/sobjects/Contact/Hub_Id__c", """{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"Hub_Id__c":"rec-1","LastName":"NAME"}]}""" },
        { "zoho", "Contacts", "POST", "/crm/v8/Contacts/upsert", """{"data":[{"Email":"new@write.example","Last_Name":"NAME"}],"duplicate_check_fields":["Email"]}""" },
        { "mailchimp", "members", "POST", "/lists/{list}", """{"members":[{"email_address":"new@write.example","status":"subscribed","merge_fields":{"FNAME":"NAME"}}],"update_existing":true}""" },
        { "sendgrid", "contacts", "PUT", "/v3/marketing/contacts", """{"contacts":[{"email":"new@write.example","first_name":"NAME"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task An_upsert_makes_a_row_and_then_changes_it(string key, string type, string method, string path, string json)
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, key);
        var table = Sandbox.Provider(key).Rows(type);
        var count = table.Count;
        if (path.Contains("{list}", StringComparison.Ordinal))
        {
            path = path.Replace("{list}", (await client.JsonAsync("GET", "/lists?count=1")).GetProperty("lists")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
        }

        await client.JsonAsync(method, path, json.Replace("NAME", "First", StringComparison.Ordinal));
        await client.JsonAsync(method, path, json.Replace("NAME", "Second", StringComparison.Ordinal));

        Assert.Equal((count + 1, 1, 1), (table.Count, table.MadeByClient, table.ChangedByClient));
        Assert.Contains("\"Second\"", table.Read(count).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal([true, false], Sandbox.Provider(key).Writes.Select(write => write.IsNew));
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task Stripe_makes_a_row_once_for_a_key()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "stripe");
        (string, string) key = ("Idempotency-Key", "k1");
        var made = await client.FormAsync("/v1/customers", "name=Ann&email=ann%40write.example&metadata[hub]=1&address[city]=Ipoh", key);
        var again = await client.FormAsync("/v1/customers", "name=Ann&email=ann%40write.example&metadata[hub]=1&address[city]=Ipoh", key);
        Assert.Equal(made.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Equal(1, Sandbox.Provider("stripe").Rows("customers").MadeByClient);
        Sandbox.AssertNoViolations();

        Assert.Equal("idempotency_error", (await client.FormAsync("/v1/customers", "name=Bob", key)).GetProperty("error").GetProperty("type").GetString());
        var id = made.GetProperty("id").GetString();
        var changed = await client.FormAsync($"/v1/customers/{id}", "phone=123&name=");
        Assert.Equal(("123", JsonValueKind.Null, "Ipoh"), (changed.GetProperty("phone").GetString(), changed.GetProperty("name").ValueKind, changed.GetProperty("address").GetProperty("city").GetString()));
        Assert.Equal(id, (await client.JsonAsync("GET", "/v1/customers?email=ann%40write.example")).GetProperty("data")[0].GetProperty("id").GetString());

        Sandbox.Provider("stripe").Rows("customers").DeleteAt(10_000);
        Assert.True((await client.JsonAsync("GET", $"/v1/customers/{id}")).GetProperty("deleted").GetBoolean());
    }

    [Fact]
    public async Task Stripe_adds_items_to_a_draft_and_expands_prices()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "stripe");
        var customer = Sandbox.Provider("stripe").Rows("customers").IdOf(5);
        var invoice = (await client.FormAsync("/v1/invoices", $"customer={customer}&auto_advance=false")).GetProperty("id").GetString();
        await client.FormAsync("/v1/invoiceitems", $"customer={customer}&invoice={invoice}&amount=1500&currency=usd&description=Tea");
        await client.FormAsync("/v1/invoiceitems", $"customer={customer}&invoice={invoice}&price_data[unit_amount]=200&price_data[currency]=usd&quantity=3");
        var read = await client.JsonAsync("GET", $"/v1/invoices/{invoice}");
        Assert.Equal(("draft", 2100, 2), (read.GetProperty("status").GetString(), read.GetProperty("total").GetInt32(), read.GetProperty("lines").GetProperty("data").GetArrayLength()));

        var products = await client.JsonAsync("GET", "/v1/products?limit=3&expand[]=data.default_price");
        Assert.All(products.GetProperty("data").EnumerateArray(), product => Assert.Equal("price", product.GetProperty("default_price").GetProperty("object").GetString()));
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task QuickBooks_refuses_a_stale_token_and_tells_of_deletions()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "quickbooks");
        var company = $"/v3/company/{client.Realm}";
        var made = (await client.JsonAsync("POST", company + "/customer", """{"DisplayName":"New Write"}""")).GetProperty("Customer");
        var id = made.GetProperty("Id").GetString();
        await client.JsonAsync("POST", company + "/customer", $$"""{"Id":"{{id}}","SyncToken":"0","sparse":true,"CompanyName":"Write Ltd"}""");
        using var stale = await client.SendAsync("POST", company + "/customer", new StringContent($$"""{"Id":"{{id}}","SyncToken":"0","sparse":true,"CompanyName":"Other"}""", Encoding.UTF8, "application/json"));
        Assert.Contains("5010", await stale.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var twice = await client.SendAsync("POST", company + "/customer", new StringContent("""{"DisplayName":"New Write"}""", Encoding.UTF8, "application/json"));
        Assert.Contains("6240", await twice.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var gone = Sandbox.Provider("quickbooks").Rows("Invoice").Delete(2);
        var changes = await client.JsonAsync("GET", $"{company}/cdc?entities=Invoice,Customer&changedSince={Clock.GetUtcNow().AddMinutes(-1):yyyy-MM-ddTHH:mm:ss}Z");
        var answers = changes.GetProperty("CDCResponse")[0].GetProperty("QueryResponse");
        Assert.Equal(gone.Order(StringComparer.Ordinal), answers[0].GetProperty("Invoice").EnumerateArray().Where(row => row.GetProperty("status").GetString() == "Deleted").Select(row => row.GetProperty("Id").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("Write Ltd", Assert.Single(answers[1].GetProperty("Customer").EnumerateArray()).GetProperty("CompanyName").GetString());
        var batch = await client.JsonAsync("POST", company + "/batch", $$$"""{"BatchItemRequest":[{"bId":"a","operation":"create","Item":{"Name":"New"} },{"bId":"b","operation":"update","Customer":{"Id":"{{{id}}}","SyncToken":"9"} }]}""");
        Assert.Equal("New", batch.GetProperty("BatchItemResponse")[0].GetProperty("Item").GetProperty("Name").GetString());
        Assert.Equal("5010", batch.GetProperty("BatchItemResponse")[1].GetProperty("Fault").GetProperty("Error")[0].GetProperty("code").GetString());
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task Salesforce_and_Zoho_tell_what_was_deleted()
    {
        using var salesforce = await DataClient.OpenAsync(Sandbox, Clock, "salesforce");
        var gone = Sandbox.Provider("salesforce").Rows("Contact").Delete(2);
        var all = await salesforce.JsonAsync("GET", "/services/data/v60.0/queryAll?q=SELECT+Id+FROM+Contact+WHERE+IsDeleted+=+true");
        Assert.Equal(gone, all.GetProperty("records").EnumerateArray().Select(row => row.GetProperty("Id").GetString()!));

        using var zoho = await DataClient.OpenAsync(Sandbox, Clock, "zoho");
        gone = Sandbox.Provider("zoho").Rows("Contacts").Delete(2);
        var deleted = await zoho.JsonAsync("GET", "/crm/v8/Contacts/deleted?type=all");
        Assert.Equal(gone.Order(StringComparer.Ordinal), deleted.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task SQL_Accounting_wants_the_next_updatecount()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "sql-accounting");
        await client.JsonAsync("POST", "/customer", """{"code":"300-W","companyname":"Write"}""");
        await client.JsonAsync("PUT", "/customer/300-W", """{"companyname":"Write Ltd","updatecount":1}""");
        using var stale = await client.SendAsync("PUT", "/customer/300-W", new StringContent("""{"companyname":"Other","updatecount":1}""", Encoding.UTF8, "application/json"));
        Assert.Contains("another user", await stale.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var read = (await client.JsonAsync("GET", "/customer/300-W")).GetProperty("data")[0];
        Assert.Equal("Write Ltd", read.GetProperty("companyname").GetString());

        var invoice = (await client.JsonAsync("POST", "/salesinvoice", """{"code":"300-W","docdate":"2026-01-05","sdsdocdetail":[{"itemcode":"SKU-000001","qty":2,"unitprice":4.5}]}""")).GetProperty("dockey").GetInt32();
        Assert.Equal(9m, (await client.JsonAsync("GET", $"/salesinvoice/{invoice}")).GetProperty("data")[0].GetProperty("docamt").GetDecimal());
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task AutoCount_answers_a_new_document_with_its_address_alone()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "autocount");
        using var made = await client.SendAsync("POST", "/10452/invoice", new StringContent(
            """{"master":{"docDate":"2026-01-05","debtorCode":"300-000001","debtorName":"A","creditTerm":"C.O.D.","salesLocation":"HQ"},"details":[{"productCode":"SKU-000001","qty":2,"unitPrice":1.5,"accNo":"500-0000"}]}""",
            Encoding.UTF8, "application/json"));
        Assert.Equal((201, ""), ((int)made.StatusCode, await made.Content.ReadAsStringAsync()));
        var read = await client.JsonAsync("GET", made.Headers.Location!.ToString());
        Assert.Equal(3m, read.GetProperty("master").GetProperty("netTotal").GetDecimal());

        using var wrong = await client.SendAsync("POST", "/10452/debtor", new StringContent("""{"companyName":"A","currencyCode":"MYR","creditTerm":"COD"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(400, (int)wrong.StatusCode);
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task SendGrid_runs_a_job_for_what_is_written()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "sendgrid");
        var job = (await client.JsonAsync("PUT", "/v3/marketing/contacts", """{"contacts":[{"email":"new@write.example"},{"email":"wrong"}]}""")).GetProperty("job_id").GetString();
        Assert.Equal("pending", (await client.JsonAsync("GET", $"/v3/marketing/contacts/imports/{job}")).GetProperty("status").GetString());
        var done = await client.JsonAsync("GET", $"/v3/marketing/contacts/imports/{job}");
        Assert.Equal(("errored", 1), (done.GetProperty("status").GetString(), done.GetProperty("results").GetProperty("errored_count").GetInt32()));
        using var http = new HttpClient();
        Assert.Contains("wrong,invalid email", await http.GetStringAsync(done.GetProperty("results").GetProperty("errors_url").GetString()), StringComparison.Ordinal);

        var found = await client.JsonAsync("POST", "/v3/marketing/contacts/search/emails", """{"emails":["new@write.example","nobody@write.example"]}""");
        Assert.Equal("contact not found", found.GetProperty("result").GetProperty("nobody@write.example").GetProperty("error").GetString());
        Assert.NotEmpty(found.GetProperty("result").GetProperty("new@write.example").GetProperty("contact").GetProperty("id").GetString()!);
        Sandbox.AssertNoViolations();
    }
}

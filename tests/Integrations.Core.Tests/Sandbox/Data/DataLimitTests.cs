using System.Globalization;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>What the real providers refuse is refused, and written down as the client's fault.</summary>
public sealed class DataLimitTests : SandboxTest
{
    private static readonly string _contacts = "/crm/v3/objects/contacts";

    public static TheoryData<string, string, string, string?, int> Refused => new()
    {
        { "stripe", "GET", "/v1/customers?limit=101", null, 400 },
        { "stripe", "GET", "/v1/customers?sort=name", null, 400 },
        { "stripe", "GET", "/v1/products?expand[]=data.owner", null, 400 },
        { "stripe", "POST", "/v1/customers", """{"name":"JSON"}""", 400 },
        { "hubspot", "GET", _contacts + "?limit=101", null, 400 },
        { "hubspot", "POST", _contacts + "/search", """{"limit":201}""", 400 },
        { "hubspot", "POST", _contacts + "/search", """{"limit":200,"after":"9900"}""", 400 },
        { "hubspot", "POST", _contacts + "/batch/create", Many(101, """{"properties":{}}""", "inputs"), 400 },
        { "hubspot", "POST", _contacts + "/batch/upsert", """{"inputs":[{"id":"a@b.example","properties":{}}]}""", 400 },
        { "xero", "GET", "/api.xro/2.0/Contacts?pageSize=1001", null, 400 },
        { "xero", "GET", "/api.xro/2.0/Items?page=2", null, 400 },
        { "quickbooks", "GET", "/v3/company/{realm}/query?query=SELECT%20*%20FROM%20Customer%20MAXRESULTS%201001", null, 400 },
        { "quickbooks", "GET", "/v3/company/{realm}/query?query=SELECT%20*%20FROM%20Customers", null, 400 },
        { "quickbooks", "POST", "/v3/company/{realm}/batch", Many(31, """{"bId":"1","operation":"create","Customer":{}}""", "BatchItemRequest"), 400 },
        { "salesforce", "GET", "/services/data/v60.0/query?q=SELECT+Id,Nickname+FROM+Contact", null, 400 },
        { "salesforce", "GET", "/services/data/v60.0/query?q=SELECT+Id+FROM+Contact+WHERE+SystemModstamp+>=+'2026-01-01T00:00:00Z'", null, 400 },
        { "salesforce", "PATCH", "/services/data/v60.0/composite/sobjects/Contact/Key__c", Many(201, "{}", "records"), 400 },
        { "zoho", "GET", "/crm/v8/Contacts?per_page=10", null, 400 },
        { "zoho", "GET", "/crm/v8/Contacts?fields=id&per_page=201", null, 400 },
        { "zoho", "GET", "/crm/v8/Contacts?fields=id&per_page=200&page=11", null, 400 },
        { "zoho", "POST", "/crm/v8/Contacts/upsert", Many(101, "{}", "data"), 400 },
        { "mailchimp", "GET", "/lists/{list}/members?count=1001", null, 400 },
        { "mailchimp", "POST", "/lists/{list}", Many(501, "{}", "members"), 400 },
        { "sendgrid", "PUT", "/v3/marketing/contacts", """{"contacts":[{"first_name":"Nobody"}]}""", 400 },
        { "sendgrid", "POST", "/v3/marketing/contacts/search/emails", Many(101, "\"a@b.example\"", "emails"), 400 },
        { "slack", "GET", "/users.list?limit=1001", null, 200 },
        { "facebook", "GET", "/{page}/leadgen_forms", null, 400 },
        { "sql-accounting", "GET", "/customer?lastmodified_from=1", null, 400 },
        { "autocount", "GET", "/10452/debtor/listing?page=0", null, 400 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_call_that_the_provider_refuses_is_refused(string key, string method, string path, string? json, int status)
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, key);
        if (path.Contains("{list}", StringComparison.Ordinal))
        {
            path = path.Replace("{list}", (await client.JsonAsync("GET", "/lists?count=1")).GetProperty("lists")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
        }
        else if (path.Contains("{page}", StringComparison.Ordinal))
        {
            path = path.Replace("{page}", (await client.JsonAsync("GET", "/me/accounts?limit=1")).GetProperty("data")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
        }

        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(method, path.Replace("{realm}", client.Realm, StringComparison.Ordinal), content);

        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        Assert.NotEmpty(Sandbox.Provider(key).Violations);
    }

    [Fact]
    public async Task Xero_wants_a_tenant_and_JSON_asked_for()
    {
        using var walk = Walk("xero");
        await walk.ConnectAsync();
        Assert.Equal(403, (int)(await walk.CallAsync("GET", walk.Setting("ApiBaseUrl") + "/api.xro/2.0/Contacts")).Response.StatusCode);
        AssertRefused("xero", "xero-tenant-id");
    }

    [Fact]
    public async Task A_million_rows_are_there_at_once_and_take_no_memory()
    {
        var table = Sandbox.Provider("stripe").Rows("customers");
        table.Reset(1_000_000);
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "stripe");
        var page = await client.JsonAsync("GET", $"/v1/customers?limit=100&starting_after={table.IdOf(500_000)}");
        var before = GC.GetTotalAllocatedBytes();

        page = await client.JsonAsync("GET", $"/v1/customers?limit=100&starting_after={table.IdOf(500)}");

        Assert.True(GC.GetTotalAllocatedBytes() - before < 20_000_000);
        Assert.Equal(table.IdOf(499), page.GetProperty("data")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Faults_meet_every_so_many_data_calls_and_no_others()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "stripe");
        var stripe = Sandbox.Provider("stripe");
        stripe.FailEvery(3, "rate-limit;retry-after=2");
        stripe.FailEvery(4, "cut");
        List<int> statuses = [];
        for (var i = 0; i < 8; i++)
        {
            try
            {
                using var response = await client.SendAsync("GET", "/v1/customers");
                statuses.Add((int)response.StatusCode);
                Assert.Equal(200, (int)(await client.SendAsync("GET", "/v1/balance")).StatusCode);
            }
            catch (HttpRequestException)
            {
                statuses.Add(0);
            }
        }

        Assert.Equal([200, 200, 429, 0, 200, 429, 200, 0], statuses);
        Assert.Equal(8, stripe.CallCounts["GET /v1/customers"]);
    }

    [Fact]
    public async Task Rows_are_changed_over_HTTP_too()
    {
        using var http = new HttpClient();
        var control = new Uri(Sandbox.Address, "/control/hubspot");
        var set = await http.PutAsync(new Uri(control + "?rows.contacts=500&touch.contacts=5&delete.contacts=2&create.contacts=1&dirt=off"), null);
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        var hubspot = Sandbox.Provider("hubspot");
        Assert.Equal((499, false), (hubspot.Rows("contacts").Count, hubspot.Dirt));

        using var edit = new StringContent("""{"properties.city":"Ipoh"}""", Encoding.UTF8, "application/json");
        var edited = await http.PatchAsync(new Uri(control + "/rows/contacts/7"), edit);
        Assert.Equal("Ipoh", JsonSerializer.Deserialize<JsonElement>(await edited.Content.ReadAsStringAsync()).GetProperty("properties").GetProperty("city").GetString());
        Assert.Equal(400, (int)(await http.PutAsync(new Uri(control + "?rows.companies=5"), null)).StatusCode);
        Assert.Equal(400, (int)(await http.GetAsync(new Uri(control + "/rows/contacts/7000"))).StatusCode);

        await http.DeleteAsync(control);
        Assert.Equal((10_000, true), (hubspot.Rows("contacts").Count, hubspot.Dirt));
    }

    [Fact]
    public void Some_rows_are_odd_unless_that_is_switched_off()
    {
        var hubspot = Sandbox.Provider("hubspot");
        List<string?> Values(string name) => [.. Enumerable.Range(0, 8).Select(i => hubspot.Rows("contacts").Read(13 + (i * 97))["properties"]![name]?.ToString())];
        Assert.Contains(Values("email"), email => email is null);
        Assert.Contains(Values("firstname"), first => first is null);
        Assert.Contains(Values("lastname"), last => last?.Length > 500);
        Assert.Equal(hubspot.Rows("contacts").Read(12)["properties"]!["email"]!.ToString(), Values("email")[0]);

        hubspot.Dirt = false;
        Assert.All(Values("email"), email => Assert.Contains("@", email, StringComparison.Ordinal));
    }

    private static string Many(int count, string item, string name) => string.Create(CultureInfo.InvariantCulture, $"{{\"{name}\":[{string.Join(',', Enumerable.Repeat(item, count))}]}}");
}

using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

public sealed class WebhookCrudTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private const string Url = "http://localhost:9/hook";

    [Theory, OnSqlite, OnPostgres]
    public async Task An_endpoint_is_created_read_changed_and_deleted(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var created = await tenant.Client.PostApiAsync("/api/integrations/webhooks", new { url = Url, events = (string[])["invoice.paid", "contact.*", "CARD_VIEW"] });

        Assert.Equal(201, created.Status);
        var id = created.String("webhook.id");
        Assert.Equal($"/api/integrations/webhooks/{id}", created.Headers.Location?.ToString());
        Assert.StartsWith("whsec_", created.String("webhook.secret"), StringComparison.Ordinal);
        Assert.Equal(["invoice.paid", "contact.*", "CARD_VIEW"], created["webhook.events"].EnumerateArray().Select(item => item.GetString()));
        Assert.True(created["webhook.isActive"].GetBoolean());
        Assert.Equal(10, created["webhook.timeoutSeconds"].GetInt32());
        Assert.Equal("X-Webhook-Signature", created.String("webhook.signatureHeader"));
        Assert.Equal(("standard", "[2,4,8,16]"), (created.String("webhook.retry.preset"), created["webhook.retry.delays"].GetRawText()));
        Assert.Equal(JsonValueKind.Null, created["webhook.disabledReason"].ValueKind);

        var read = await tenant.Client.GetApiAsync($"/api/webhooks/{id}");
        Assert.False(read["webhook"].TryGetProperty("secret", out _));
        Assert.DoesNotContain(created.String("webhook.secret"), (await tenant.Client.GetApiAsync("/api/webhooks")).Text, StringComparison.Ordinal);

        var changed = await tenant.Client.PatchApiAsync($"/api/webhooks/{id}", new { active = false, description = " Books ", timeoutSeconds = 3, retry = new { delays = (int[])[7] } });
        Assert.Equal(200, changed.Status);
        Assert.False(changed["webhook.isActive"].GetBoolean());
        Assert.Equal("Books", changed.String("webhook.description"));
        Assert.Equal(3, changed["webhook.timeoutSeconds"].GetInt32());
        Assert.Equal((JsonValueKind.Null, "[7]"), (changed["webhook.retry.preset"].ValueKind, changed["webhook.retry.delays"].GetRawText()));
        Assert.Equal(Url, changed.String("webhook.url"));
        Assert.Equal(3, changed["webhook.events"].GetArrayLength());

        Assert.Equal(200, (await tenant.Client.DeleteApiAsync($"/api/webhooks/{id}")).Status);
        ProblemAssert.IsProblem(await tenant.Client.GetApiAsync($"/api/webhooks/{id}"), 404, "deleted");
        Assert.Equal(0, (await tenant.Client.GetApiAsync("/api/webhooks"))["webhooks"].GetArrayLength());
    }

    [Fact]
    public async Task A_key_that_may_only_write_sees_what_it_has_written()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        using var client = await tenant.CreateClientAsync("webhooks:write");

        var created = await client.PostApiAsync("/api/webhooks", new { url = Url, events = (string[])["*"] });

        Assert.Equal(201, created.Status);
        Assert.NotEmpty(created.String("webhook.secret"));
        Assert.Equal(200, (await client.PatchApiAsync($"/api/webhooks/{created.String("webhook.id")}", new { isActive = false })).Status);
        Assert.Equal(200, (await client.PostApiAsync($"/api/webhooks/{created.String("webhook.id")}/test")).Status);
        Assert.Equal(403, (await client.GetApiAsync($"/api/webhooks/{created.String("webhook.id")}")).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Own_headers_show_their_names_and_never_their_values(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var created = await tenant.Client.PostApiAsync("/api/webhooks", new { url = Url, events = (string[])["*"], headers = new Dictionary<string, string> { ["X-Tenant"] = "planted" } });

        Assert.Equal("[\"X-Tenant\"]", created["webhook.headerNames"].GetRawText());
        Assert.DoesNotContain("planted", created.Text, StringComparison.Ordinal);
        var changed = await tenant.Client.PatchApiAsync($"/api/webhooks/{created.String("webhook.id")}", """{"headers":{}}""");
        Assert.Equal("[]", changed["webhook.headerNames"].GetRawText());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_URL_as_long_as_may_be_is_taken(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var url = "http://localhost:9/" + new string('x', 2000 - 19);

        Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/webhooks", new { url, events = (string[])["*"] })).Status);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/webhooks", new { url = url + "x", events = (string[])["*"] }), "url");
    }

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("{}", "events")]
    [InlineData("""{"url":"","events":["*"]}""", "url")]
    [InlineData("""{"url":"nowhere","events":["*"]}""", "url")]
    [InlineData("""{"url":"ftp://localhost/","events":["*"]}""", "url")]
    [InlineData("""{"url":"http://user:pass@localhost:9/","events":["*"]}""", "url")]
    [InlineData("""{"url":"http://localhost:9/#part","events":["*"]}""", "url")]
    [InlineData("""{"events":[]}""", "events")]
    [InlineData("""{"events":["*","*"]}""", "events")]
    [InlineData("""{"events":["no type"]}""", "events[0]")]
    [InlineData("""{"events":["*",null]}""", "events[1]")]
    [InlineData("""{"events":["order.shipped"]}""", "events[0]")]
    [InlineData("""{"events":"*"}""", "events")]
    [InlineData("""{"timeoutSeconds":0}""", "timeoutSeconds")]
    [InlineData("""{"timeoutSeconds":31}""", "timeoutSeconds")]
    [InlineData("""{"timeoutSeconds":"5"}""", "timeoutSeconds")]
    [InlineData("""{"secret":"short"}""", "secret")]
    [InlineData("""{"secret":"whsec_not base64 at all"}""", "secret")]
    [InlineData("""{"secret":"with some spaces in it"}""", "secret")]
    [InlineData("""{"headers":{"Host":"x"}}""", "headers.Host")]
    [InlineData("""{"headers":{"content-type":"x"}}""", "headers.content-type")]
    [InlineData("""{"headers":{"Webhook-Id":"x"}}""", "headers.Webhook-Id")]
    [InlineData("""{"headers":{"X-Webhook-Signature":"x"}}""", "headers.X-Webhook-Signature")]
    [InlineData("""{"headers":{"Cookie":"x"}}""", "headers.Cookie")]
    [InlineData("""{"headers":{"Transfer-Encoding":"x"}}""", "headers.Transfer-Encoding")]
    [InlineData("""{"headers":{"no name":"x"}}""", "headers.no name")]
    [InlineData("""{"headers":{"X-A":"a\r\nX-B: b"}}""", "headers.X-A")]
    [InlineData("""{"headers":{"X-A":null}}""", "headers.X-A")]
    [InlineData("""{"headers":{"X-A":"1","x-a":"2"}}""", "headers")]
    [InlineData("""{"signatureHeader":"no name"}""", "signatureHeader")]
    [InlineData("""{"signatureHeader":"Content-Length"}""", "signatureHeader")]
    [InlineData("""{"retry":{}}""", "retry")]
    [InlineData("""{"retry":{"preset":"standard","delays":[1]}}""", "retry")]
    [InlineData("""{"retry":{"preset":"often"}}""", "retry.preset")]
    [InlineData("""{"retry":{"delays":[0]}}""", "retry.delays")]
    [InlineData("""{"retry":{"delays":[86401]}}""", "retry.delays")]
    [InlineData("""{"retry":{"delays":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}}""", "retry.delays")]
    [InlineData("""{"retry":{"times":3}}""", "retry.times")]
    public async Task What_is_wrong_with_an_endpoint_is_told_at_its_field(string body, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/webhooks", body), field);
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_also_the_URL()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var reply = await tenant.Client.PostApiAsync("/api/webhooks", """{"url":"nowhere","timeoutSeconds":99,"events":["no type"]}""");

        Assert.Equal(["events[0]", "timeoutSeconds", "url"], reply.Fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_secret_is_not_changed_by_PATCH()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var created = await tenant.Client.PostApiAsync("/api/webhooks", new { url = Url, events = (string[])["*"] });

        ProblemAssert.IsFault(await tenant.Client.PatchApiAsync($"/api/webhooks/{created.String("webhook.id")}", new { secret = "another-secret-of-mine" }), "secret");
    }

    [Fact]
    public async Task Retry_presets_stand_for_their_delays()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        async Task<string> DelaysAsync(string retry) =>
            (await tenant.Client.PostApiAsync("/api/webhooks", $$"""{"url":"{{Url}}","events":["*"],"retry":{{retry}}}"""))["webhook.retry.delays"].GetRawText();

        Assert.Equal("[2,4,8,16]", await DelaysAsync("""{"preset":"standard"}"""));
        Assert.Equal("[5,300,1800,7200,18000,36000,50400,72000,86400]", await DelaysAsync("""{"preset":"extended"}"""));
        Assert.Equal("[]", await DelaysAsync("""{"delays":[]}"""));
        Assert.Equal("[1,86400]", await DelaysAsync("""{"delays":[1,86400]}"""));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_organization_has_at_most_20_endpoints(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var body = new { url = Url, events = (string[])["*"] };
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/webhooks", body)).Status);
        }

        var refused = await tenant.Client.PostApiAsync("/api/webhooks", body);

        ProblemAssert.IsProblem(refused, 422, "the twenty-first");
        Assert.Contains("20", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", "Security:AllowedNetworks")]
    [InlineData("https://127.0.0.1/", "Security:AllowedNetworks")]
    [InlineData("https://localhost/", "Security:AllowedNetworks")]
    [InlineData("https://10.1.2.3/", "Security:AllowedNetworks")]
    [InlineData("https://169.254.169.254/latest/meta-data", "Security:AllowedNetworks")]
    [InlineData("https://[::1]/", "Security:AllowedNetworks")]
    [InlineData("https://[::ffff:10.0.0.1]/", "Security:AllowedNetworks")]
    [InlineData("https://2130706433/", "Security:AllowedNetworks")]
    [InlineData("http://8.8.8.8/", "https")]
    public async Task In_production_private_addresses_and_plain_http_are_refused_with_the_setting_named(string url, string expected)
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Environment = "Production" });

        var refused = await hub.Client.PostApiAsync("/api/webhooks", new { url, events = (string[])["*"] });

        ProblemAssert.IsFault(refused, "url");
        Assert.Contains(expected, refused.Error, StringComparison.Ordinal);
    }
}

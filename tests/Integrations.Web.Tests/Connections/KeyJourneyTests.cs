using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Web.Tests.Connections;

/// <summary>Providers that are connected with a key, a pasted token or a webhook URL, over REST.</summary>
public sealed class KeyJourneyTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    public static TheoryData<string, Dictionary<string, string>> Credentials => new()
    {
        { "stripe", new() { ["apiKey"] = SandboxKeys.StripeSecret } },
        { "stripe", new() { ["apiKey"] = SandboxKeys.StripeRestrictedWithoutBalance } },
        { "slack", new() { ["accessToken"] = SandboxKeys.SlackBot } },
        { "mailchimp", new() { ["apiKey"] = SandboxKeys.Mailchimp } },
        { "sendgrid", new() { ["apiKey"] = SandboxKeys.SendGrid } },
        { "hubspot", new() { ["accessToken"] = SandboxKeys.HubSpotPrivateApp } },
        { "sql-accounting", new() { ["accessKey"] = SandboxKeys.SqlAccountingAccessKey, ["secretKey"] = SandboxKeys.SqlAccountingSecretKey } },
        { "autocount", new() { ["keyId"] = SandboxKeys.AutoCountKeyId, ["apiKey"] = SandboxKeys.AutoCountApiKey, ["accountBookId"] = SandboxKeys.AutoCountBook } },
        { "zoho", new() { ["accessToken"] = SandboxKeys.ZohoToken, ["apiDomain"] = "" } },
        { "salesforce", new() { ["accessToken"] = SandboxKeys.SalesforceToken, ["instanceUrl"] = "" } },
        { "google-drive", new() { ["accessToken"] = SandboxKeys.GoogleDriveToken } },
        { "dropbox", new() { ["accessToken"] = SandboxKeys.DropboxToken } },
        { "facebook", new() { ["accessToken"] = SandboxKeys.FacebookToken } },
    };

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task A_good_key_connects_at_once_and_a_wrong_one_is_refused_at_its_field(string provider, Dictionary<string, string> credentials)
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        // An address out of a credential is taken when the configuration names its origin.
        var here = fixture.Sandbox.HubSettings[$"Providers:{provider}:ApiBaseUrl"]!;
        var good = credentials.ToDictionary(pair => pair.Key, pair => pair.Value.Length > 0 ? pair.Value : here, StringComparer.Ordinal);
        var secret = good.Keys.First(name => name is "apiKey" or "accessToken" or "secretKey");
        var wrong = new Dictionary<string, string>(good, StringComparer.Ordinal) { [secret] = Spoil(good[secret]) };

        var refused = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider, credentials = wrong });

        Assert.True(refused.Status == 422, refused.Text);
        Assert.StartsWith("credentials.", Assert.Single(refused.Fields), StringComparison.Ordinal);
        Assert.DoesNotContain(wrong[secret], refused.Text, StringComparison.Ordinal);
        Assert.Empty((await tenant.Client.GetApiAsync("/api/integrations/connections"))["connections"].EnumerateArray());

        var connected = await tenant.Client.PostApiAsync($"/api/integrations/{provider.ToUpperInvariant().Replace('-', '_')}/connect", new { credentials = good });

        Assert.True(connected.Status == 201, connected.Text);
        Assert.Equal("connected", connected.String("connection.status"));
        Assert.DoesNotContain(good[secret], connected.Text, StringComparison.Ordinal);
        var test = await tenant.Client.PostApiAsync($"/api/integrations/connections/{connected.String("connectionId")}/test");
        Assert.True(test["result.ok"].GetBoolean(), test.Text);
        Assert.Equal(200, (await tenant.Client.PostApiAsync($"/api/integrations/{provider}/disconnect")).Status);
        Assert.Empty(fixture.Sandbox.Provider(provider).Violations);
    }

    [Theory]
    [InlineData("zapier")]
    [InlineData("make")]
    [InlineData("n8n")]
    [InlineData("custom")]
    public async Task A_webhook_url_provider_takes_any_number_of_named_urls_and_disconnecting_deletes_them(string provider)
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var prefix = fixture.Sandbox.HubSettings.TryGetValue($"Providers:{provider}:Urls:hooks", out var hooks) ? hooks! : new Uri(fixture.Sandbox.Address, "/receive").ToString();
        var first = await tenant.Client.PostApiAsync("/api/integrations/connect", new { platform = provider, name = "Invoices", config = new { webhookUrl = $"{prefix}/one" }, events = new[] { "invoice.*" } });
        Assert.True(first.Status == 201, first.Text);
        var second = await tenant.Client.PostApiAsync($"/api/integrations/{provider}/connect", new { name = "Everything", webhookUrl = $"{prefix}/two" });
        Assert.Equal((201, first.String("connectionId"), 2), (second.Status, second.String("connectionId"), second["connection.webhookUrls"].GetInt32()));

        var test = await tenant.Client.PostApiAsync($"/api/integrations/connections/{first.String("connectionId")}/test");

        Assert.True(test["result.ok"].GetBoolean(), test.Text);
        var endpoints = (await tenant.Client.GetApiAsync("/api/integrations/webhooks"))["webhooks"].EnumerateArray().ToList();
        Assert.Equal(["Everything", "Invoices"], endpoints.Select(endpoint => endpoint.GetProperty("description").GetString()));
        Assert.Equal(200, (await tenant.Client.DeleteApiAsync($"/api/integrations/{provider}")).Status);
        Assert.Empty((await tenant.Client.GetApiAsync("/api/integrations/webhooks"))["webhooks"].EnumerateArray());
    }

    [Fact]
    public async Task A_url_that_is_not_the_providers_is_refused_at_its_field()
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);

        var refused = await tenant.Client.PostApiAsync("/api/integrations/connect", new { platform = "zapier", config = new { webhookUrl = "https://example.com/hook" } });

        Assert.Equal((400, "webhookUrl"), (refused.Status, Assert.Single(refused.Fields)));
    }

    [Fact]
    public async Task A_slack_message_an_email_and_a_file_are_sent_over_rest()
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var slack = await ConnectAsync(tenant, "slack", "accessToken", SandboxKeys.SlackBot);
        var channel = (await tenant.Client.GetApiAsync($"{slack}/choices/channel"))["choices"].EnumerateArray().First().GetProperty("value").GetString();
        var message = await tenant.Client.PostApiAsync($"{slack}/actions/send-message", new { channel, text = "Invoice paid — grüße" });
        Assert.True(message.Status == 200, message.Text);

        var sendGrid = await ConnectAsync(tenant, "sendgrid", "apiKey", SandboxKeys.SendGrid);
        var fields = (await tenant.Client.GetApiAsync($"{sendGrid}/actions"))["actions"].EnumerateArray().Single().GetProperty("fields").EnumerateArray()
            .Select(field => field.GetProperty("name").GetString()!).Where(name => name is "to" or "from" or "subject" or "text" or "body").ToList();
        var mail = await tenant.Client.PostApiAsync(
            $"{sendGrid}/actions/send-email", fields.ToDictionary(name => name, name => name is "to" or "from" ? $"{name}@example.com" : "Überfällig", StringComparer.Ordinal));
        Assert.True(mail.Status == 200, mail.Text);

        var dropbox = await ConnectAsync(tenant, "dropbox", "accessToken", SandboxKeys.DropboxToken);
        var file = await tenant.Client.PostApiAsync($"{dropbox}/actions/upload-file", new { file = new { name = "Übersicht.csv", contentType = "text/csv", content = Convert.ToBase64String("a;b"u8) } });
        Assert.True(file.Status == 200, file.Text);
        Assert.Equal("a;b", System.Text.Encoding.UTF8.GetString(fixture.Sandbox.Provider("dropbox").Sent[^1].Content.Span));
        Assert.Empty(fixture.Sandbox.Violations);
    }

    [Fact]
    public async Task Only_five_connections_may_be_made_or_tried_in_a_minute()
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(422, (await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider = "sendgrid", apiKey = Spoil(SandboxKeys.SendGrid) })).Status);
        }

        var sixth = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider = "sendgrid", apiKey = SandboxKeys.SendGrid });

        Assert.Equal(429, sixth.Status);
        Assert.InRange(sixth["retryAfter"].GetInt32(), 1, 60);
    }

    [Fact]
    public async Task The_catalogue_lists_every_provider_and_filters()
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        await ConnectAsync(tenant, "stripe", "apiKey", SandboxKeys.StripeSecret);

        var all = (await tenant.Client.GetApiAsync("/api/integrations"))["integrations"].EnumerateArray().ToList();
        Assert.Equal(20, all.Count);
        Assert.All(all, item => Assert.True(item.GetProperty("isAvailable").GetBoolean(), item.ToString()));
        Assert.Equal(["stripe"], await IdsAsync("connected=true"));
        Assert.Equal(["autocount", "quickbooks", "sql-accounting", "xero"], (await IdsAsync("category=Accounting")).Order(StringComparer.Ordinal));
        Assert.Equal(["google-drive"], await IdsAsync("search=google%20drive"));
        Assert.Equal(404, (await tenant.Client.GetApiAsync("/api/integrations?organization_slug=other")).Status);

        async Task<IEnumerable<string?>> IdsAsync(string query) =>
            (await tenant.Client.GetApiAsync($"/api/integrations?{query}"))["integrations"].EnumerateArray().Select(item => item.GetProperty("id").GetString());
    }

    private static async Task<string> ConnectAsync(HubTenant tenant, string provider, string field, string value)
    {
        var connected = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider, credentials = new Dictionary<string, string>(StringComparer.Ordinal) { [field] = value } });
        Assert.True(connected.Status == 201, connected.Text);
        return $"/api/integrations/connections/{connected.String("connectionId")}";
    }

    // Another secret of the same form.
    private static string Spoil(string secret)
    {
        var last = secret.LastIndexOf('-') is var dash && dash > 20 && secret.Length - dash <= 5 ? dash - 1 : secret.Length - 1;
        return string.Concat(secret.AsSpan(0, last), secret[last] == 'a' ? "b" : "a", secret.AsSpan(last + 1));
    }
}

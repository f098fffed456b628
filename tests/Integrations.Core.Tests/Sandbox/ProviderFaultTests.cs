using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

public sealed class ProviderFaultTests : SandboxTest, IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task The_next_calls_of_a_path_fail_as_ordered_and_then_no_more()
    {
        using var walk = await Walk("xero").ConnectAsync();
        var xero = Sandbox.Provider("xero");
        xero.Fail("/connections", "rate-limit;retry-after=7", times: 2);
        var url = walk.Setting("ApiBaseUrl") + "/connections";

        var limited = (await walk.CallAsync("GET", url)).Response;
        Assert.Equal((429, TimeSpan.FromSeconds(7)), ((int)limited.StatusCode, limited.Headers.RetryAfter?.Delta));
        Assert.Equal(429, (int)(await walk.CallAsync("GET", url)).Response.StatusCode);
        Assert.Equal(200, (int)(await walk.CallAsync("GET", url)).Response.StatusCode);

        xero.Fail("/connections", "rate-limit");
        Assert.Null((await walk.CallAsync("GET", url)).Response.Headers.RetryAfter);
        xero.Fail("", "status:503");
        Assert.Equal(503, (int)(await walk.CallAsync("GET", url)).Response.StatusCode);
        xero.Fail("/connections", "reset");
        await Assert.ThrowsAsync<HttpRequestException>(() => walk.CallAsync("GET", url));
        xero.Fail("/connections", "broken-json");
        await Assert.ThrowsAsync<JsonException>(() => walk.CallAsync("GET", url));
        Assert.Equal([429, 429, 200, 429, 503, 0, 200], xero.Calls.Where(call => call.Path == "/connections").Select(call => call.Status));
        Assert.Throws<FormatException>(() => xero.Fail("", "explode"));
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task A_provider_says_in_its_own_way_that_there_were_too_many_calls()
    {
        foreach (var (key, status) in (IEnumerable<(string, int)>)[("salesforce", 403), ("facebook", 400), ("google-drive", 403), ("hubspot", 429), ("slack", 429)])
        {
            Sandbox.Provider(key).Fail("", "rate-limit");
            Assert.Equal(status, (int)(await _client.GetAsync(Sandbox.HubSettings[$"Providers:{key}:ApiBaseUrl"] + "/anything")).StatusCode);
        }
    }

    [Fact]
    public async Task A_refused_refresh_leaves_the_access_token_alone()
    {
        using var walk = await Walk("quickbooks").ConnectAsync();
        Sandbox.Provider("quickbooks").RefusesRefresh = true;

        Assert.Equal("invalid_grant", (await walk.RefreshAsync()).Body.GetProperty("error").GetString());
        Assert.True(await walk.TestAsync());
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task A_path_that_the_provider_does_not_have_is_refused_loudly()
    {
        await _client.GetAsync(Sandbox.HubSettings["Providers:stripe:ApiBaseUrl"] + "/v1/ballance");

        AssertRefused("stripe", "no such path");
        Assert.Contains("stripe: GET /providers/stripe/v1/ballance", Assert.Throws<InvalidOperationException>(Sandbox.AssertNoViolations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Providers_are_changed_over_HTTP_too()
    {
        var control = new Uri(Sandbox.Address, "/control/xero");
        using var walk = await Walk("xero").ConnectAsync();

        var set = await _client.PutAsJsonAsync(control, new { expireTokens = true, account = 3, fail = "/connections", answer = "status:502", times = 1 });
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        Assert.Equal(502, (int)(await walk.CallAsync("GET", walk.Setting("ApiBaseUrl") + "/connections")).Response.StatusCode);
        Assert.False(await walk.TestAsync());
        var state = await _client.GetFromJsonAsync<JsonElement>(control);
        Assert.Equal(1, state.GetProperty("liveGrants").GetInt32());
        Assert.StartsWith("Copper Kettle Bakery", state.GetProperty("account").GetString(), StringComparison.Ordinal);

        foreach (var wrong in (string[])["""{"explode":true}""", """{"fail":"/x","answer":"explode"}""", """{"tokenError":"explode"}""", """{"account":0}"""])
        {
            Assert.Equal(400, (int)(await _client.PutAsync(control, new StringContent(wrong, Encoding.UTF8, "application/json"))).StatusCode);
        }

        Assert.Equal(404, (int)(await _client.GetAsync(new Uri(Sandbox.Address, "/control/nobody"))).StatusCode);
        await _client.DeleteAsync(control);
        Assert.Empty(Sandbox.Provider("xero").Calls);
        Assert.Equal(1, Sandbox.Provider("xero").AccountNumber);
    }

    [Fact]
    public async Task The_settings_name_every_provider_and_what_is_below_a_hook_is_kept()
    {
        Assert.Equal(16, Sandbox.Providers.Count);
        Assert.All(Sandbox.Providers, key => Assert.StartsWith($"{Sandbox.Address}providers/{key}", Sandbox.HubSettings[$"Providers:{key}:ApiBaseUrl"], StringComparison.Ordinal));
        Assert.All(ProviderFacts.All, facts => Assert.Equal($"sandbox-{facts.Key}-client", Sandbox.HubSettings[$"Providers:{facts.Key}:ClientId"]));

        await _client.PostAsync(Sandbox.HubSettings["Providers:zapier:Urls:hooks"] + "/hooks/catch/1/abc/", new StringContent("{}"));
        Assert.Equal("/receive/zapier/hooks/catch/1/abc/", Assert.Single(Sandbox.Receiver.Received("zapier")).Path);
    }

    public void Dispose() => _client.Dispose();
}

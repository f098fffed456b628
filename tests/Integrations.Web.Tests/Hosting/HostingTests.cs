using System.Text.Json;
using System.Text.RegularExpressions;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Hosting;

public sealed partial class HostingTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Health_says_live_and_ready_to_anybody(DatabaseProvider database)
    {
        using var client = (await hubs.GetAsync(database)).CreateClient();

        var live = await client.GetApiAsync("/health/live");
        var ready = await client.GetApiAsync("/health/ready");

        Assert.Equal((200, "healthy"), (live.Status, live.String("status")));
        Assert.Equal((200, "healthy"), (ready.Status, ready.String("checks.database")));
    }

    [Fact]
    public async Task Redirects_never_lead_to_the_host_that_a_caller_wrote()
    {
        using var client = (await hubs.GetAsync(DatabaseProvider.Sqlite)).CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Get, "/webhooks") { Headers = { Host = "evil.example" } };

        using var response = await client.SendAsync(request);

        Assert.Equal("/sign-in?returnUrl=%2Fwebhooks", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/sign-in", 200)]
    [InlineData("/webhooks", 302)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/app.css", 200)]
    [InlineData("/health/live", 200)]
    public async Task The_head_of_a_page_is_that_of_the_page(string path, int status)
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { ListensOnPort = true });
        using HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = hub.Address };
        using HttpRequestMessage request = new(HttpMethod.Head, path);

        using var head = await client.SendAsync(request);
        using var whole = await client.GetAsync(path);

        Assert.Equal((status, whole.StatusCode, whole.Content.Headers.ContentType), ((int)head.StatusCode, head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Behind_https_every_cookie_is_secure()
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Settings = new Dictionary<string, string?> { ["PublicUrl"] = "https://hub.example.com" } });
        using var client = hub.CreateClient();
        // As the proxy in front of it would speak to the hub.
        client.BaseAddress = new Uri("https://localhost");

        using var response = await client.GetAsync("/sign-in");

        Assert.All(response.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/me")]
    [InlineData("/api/nothing")]
    [InlineData("/api/docs/index.html")]
    [InlineData("/app.css")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nothing/here")]
    [InlineData("/")]
    public async Task Every_answer_carries_the_one_content_security_policy_and_its_companions(string path)
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var response = await hub.Client.GetAsync(path);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.NotEmpty(response.Headers.GetValues("Referrer-Policy"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Answers_of_the_API_are_not_kept_by_caches()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);

        foreach (var path in new[] { "/api/me", "/api/nothing", "/api/keys" })
        {
            Assert.True((await hub.Client.GetApiAsync(path)).Headers.CacheControl?.NoStore, path);
        }
    }

    [Fact]
    public async Task In_production_browsers_are_told_to_stay_on_https()
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Environment = "Production" });
        using var client = hub.CreateClient();
        client.BaseAddress = new Uri("https://hub.example.com");

        using var response = await client.GetAsync("/health/live");

        Assert.Contains("max-age=31536000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_a_fault_answers_like_in_development()
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Environment = "Production" });

        ProblemAssert.IsFault(await hub.Client.PostApiAsync("/api/keys", """{"nonsense":1}"""), "nonsense");
        ProblemAssert.IsProblem(await hub.Client.PostApiAsync("/api/keys", "{"), 400, "malformed");
        ProblemAssert.IsProblem(await hub.Client.GetApiAsync("/api/webhooks/nonsense"), 404, "id");
        ProblemAssert.IsProblem(await hub.Client.GetApiAsync("/api/nothing"), 404, "path");
    }

    [Fact]
    public async Task The_OpenAPI_document_names_every_route_with_its_answers()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();

        var document = await client.GetApiAsync("/openapi/v1.json");

        Assert.True(document.Status == 200, string.Join('\n', hub.Log.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal))));
        Assert.StartsWith("3.", document.String("openapi"), StringComparison.Ordinal);
        var paths = document["paths"];
        foreach (var route in ApiRoute.All(hub).Where(route => route.IsDescribed))
        {
            var operation = paths.GetProperty(route.Template).GetProperty(route.Method.Method.ToLowerInvariant());
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            var codes = operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
            Assert.Contains(codes, code => code[0] is '2' or '3');
            Assert.True(codes.Contains("401") && codes.Contains("403") && codes.Contains("429"), $"{route}: {string.Join(' ', codes)}");
            Assert.True(route.Method != HttpMethod.Post || !route.Template.Contains('{') || (codes.Contains("409") && codes.Contains("422")), $"{route}: {string.Join(' ', codes)}");
            Assert.Equal(route.BodyType is not null, operation.TryGetProperty("requestBody", out _));
        }

        Assert.Equal(["bearer", "key"], document["components.securitySchemes"].EnumerateObject().Select(scheme => scheme.Name).Order());
        var parameters = paths.GetProperty("/api/events").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString());
        Assert.Equal(["cursor", "from", "limit", "to", "type"], parameters.Order());
        var publish = paths.GetProperty("/api/events").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("oneOf");
        Assert.Equal((2, "array"), (publish.GetArrayLength(), publish[1].GetProperty("type").GetString()));
        var status = paths.GetProperty("/api/integrations/webhooks/{id}/deliveries").GetProperty("get").GetProperty("parameters").EnumerateArray().Single(parameter => parameter.GetProperty("name").GetString() == "status");
        Assert.Contains("discarded", status.GetProperty("schema").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
        Assert.All(paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()), operation => Assert.All(
            operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [], parameter => Assert.True(IsTyped(parameter.GetProperty("schema")), parameter.ToString())));
        Assert.All(
            document["components.schemas"].EnumerateObject().SelectMany(schema => schema.Value.TryGetProperty("properties", out var members) ? members.EnumerateObject().ToList() : []),
            member => Assert.True(IsTyped(member.Value) || member.Name is "data" or "example" or "schema", member.ToString()));
        Assert.All(References(document.Body), reference => Assert.True(
            document["components.schemas"].TryGetProperty(reference["#/components/schemas/".Length..], out _), $"{reference} leads nowhere."));
    }

    // What is free form has no type; a list says of what.
    private static bool IsTyped(JsonElement schema) =>
        schema.TryGetProperty("$ref", out _) || schema.TryGetProperty("oneOf", out _) || (schema.TryGetProperty("type", out var type) && (!type.ToString().Contains("array") || schema.TryGetProperty("items", out _)));

    [Fact]
    public async Task The_page_of_the_API_loads_under_the_content_security_policy()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();

        var page = await client.GetStringAsync("/api/docs/index.html");

        Assert.All(Script().Matches(page).Select(match => match.Value), script => Assert.Contains("src=", script, StringComparison.Ordinal));
        Assert.DoesNotContain("onload=", page, StringComparison.OrdinalIgnoreCase);
        foreach (Match source in Source().Matches(page))
        {
            Assert.DoesNotContain("//", source.Groups[1].Value, StringComparison.Ordinal);
            using var response = await client.GetAsync(new Uri(new Uri(client.BaseAddress!, "/api/docs/"), source.Groups[1].Value));
            Assert.True(response.IsSuccessStatusCode, source.Groups[1].Value);
        }
    }

    [Fact]
    public void The_settings_file_at_the_top_of_the_repository_lies_beside_the_program()
    {
        var copy = Path.Combine(Path.GetDirectoryName(typeof(App).Assembly.Location)!, "appsettings.json");

        Assert.Equal(File.ReadAllText(RepositoryFiles.Path("appsettings.json")), File.ReadAllText(copy));
    }

    [Fact]
    public async Task The_settings_file_is_read_wherever_the_hub_is_started()
    {
        using var elsewhere = new TempDirectory();
        await using var process = HubProcess.Start([new("Data:Directory", elsewhere.Path)]);
        using var client = new HttpClient { BaseAddress = await process.WaitUntilListeningAsync() };
        await client.GetApiAsync("/health/ready");

        var exit = await process.KillAsync();

        // The file quiets the framework; without it every request would be logged.
        Assert.DoesNotContain("Request starting", exit.Output, StringComparison.Ordinal);
        Assert.Contains("setup token", exit.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : References(member.Value)).Where(reference => reference.Contains("/schemas/", StringComparison.Ordinal)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    [GeneratedRegex("<script[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Script();

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Source();
}

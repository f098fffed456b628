using System.Text;
using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Web.Tests.Api;

/// <summary>Walks every route of the API with every kind of bad request.</summary>
public sealed class ProblemTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    // Providers send browsers back there: whatever is wrong, a person wants a page.
    private static readonly string[] _callbacks = ["GET /api/integrations/oauth/{provider}/callback", "GET /api/integrations/{provider}/callback"];

    [Fact]
    public async Task Only_the_routes_that_browsers_follow_are_open() => Assert.Equal(
        [.. new[] { "GET /api/integrations/oauth/{provider}/start", "GET /api/integrations/{provider}/auth" }.Concat(_callbacks).Order(StringComparer.Ordinal)],
        ApiRoute.All(await hubs.GetAsync(DatabaseProvider.Sqlite)).Where(route => route.IsOpen).Select(route => route.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_browser_that_comes_back_with_nonsense_gets_a_page()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();
        foreach (var path in new[] { "oauth/x/callback", "stripe/callback", "oauth/stripe/callback?state=a&state=b&code=c", "stripe/callback?state=x&code=%F0%9F%92%A5" }.Select(path => "/api/integrations/" + path))
        {
            var reply = await client.GetApiAsync(path);

            Assert.Equal(302, reply.Status);
            Assert.Equal("/connect/failed", reply.Headers.Location?.ToString());
            ProblemAssert.IsProblem(await client.CallAsync(HttpMethod.Get, path, null, ("Accept", "application/json")), 400, path);
        }
    }

    [Fact]
    public async Task Every_route_answers_a_call_without_a_credential_with_401()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();
        foreach (var route in ApiRoute.All(hub).Where(route => !route.IsOpen))
        {
            var reply = await client.CallAsync(route.Method, route.Path(_ => "x"));

            ProblemAssert.IsProblem(reply, 401, route.Name);
            Assert.Equal("Bearer realm=\"Integrations\"", reply.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Every_route_answers_a_wrong_key_with_401_and_invalid_token()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient("sk_" + new string('x', 49));
        foreach (var route in ApiRoute.All(hub).Where(route => !_callbacks.Contains(route.Name)))
        {
            var reply = await client.CallAsync(route.Method, route.Path(parameter => parameter == "provider" ? "stripe" : "x"));

            ProblemAssert.IsProblem(reply, 401, route.Name);
            Assert.Contains("error=\"invalid_token\"", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_route_hides_the_things_of_another_organization_behind_404(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        var things = await ApiThings.CreateAsync(await hub.CreateOrganizationAsync());
        var stranger = await hub.CreateOrganizationAsync();
        foreach (var route in ApiRoute.All(hub).Where(route => route.NamesThing))
        {
            var reply = await stranger.Client.CallAsync(route.Method, things.PathOf(route), route.BodyType is null ? null : "{}");

            ProblemAssert.IsProblem(reply, 404, route.Name);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("we_00000000000000000000000000")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("%F0%9F%92%A5")]
    [InlineData("%27%20OR%201=1--")]
    public async Task Every_route_answers_an_id_that_cannot_be_with_404(string id)
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        foreach (var route in ApiRoute.All(hub).Where(route => route.HasParameters && !_callbacks.Contains(route.Name)))
        {
            var reply = await hub.Client.CallAsync(route.Method, route.Path(_ => id), route.BodyType is null ? null : "{}");

            ProblemAssert.IsProblem(reply, 404, $"{route} with {id}");
        }
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_404_also_without_a_credential()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var stranger = hub.CreateClient();

        ProblemAssert.IsProblem(await hub.Client.GetApiAsync("/api/nothing"), 404, "with a key");
        ProblemAssert.IsProblem(await stranger.GetApiAsync("/api/nothing/here"), 404, "without");
        ProblemAssert.IsProblem(await stranger.GetApiAsync("/api"), 404, "the root");
    }

    [Fact]
    public async Task Every_route_answers_another_method_with_405_and_names_what_is_possible()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        foreach (var routes in ApiRoute.All(hub).GroupBy(route => route.Template))
        {
            var mapped = routes.Select(route => route.Method).ToList();
            var other = new[] { HttpMethod.Put, HttpMethod.Trace, HttpMethod.Delete }.First(method => !mapped.Contains(method));

            var reply = await hub.Client.CallAsync(other, routes.First().Path(_ => "x"));

            ProblemAssert.IsProblem(reply, 405, $"{other} {routes.Key}");
            Assert.Subset(reply.Allow.ToHashSet(), mapped.Select(method => method.Method).ToHashSet());
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Every_route_with_a_body_answers_what_is_not_called_JSON_with_415(string? type) => await WalkBodiesAsync(
        415, route =>
        {
            var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.ContentType = type is null ? null : new(type);
            return (content, null);
        });

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("{'name':1}")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("// nothing")]
    [InlineData("\"text\"")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("")]
    public Task Every_route_with_a_body_answers_what_is_not_a_JSON_object_with_400(string body) => WalkBodiesAsync(400, _ => (body, null));

    [Fact]
    public Task Every_route_with_a_body_names_a_member_that_it_does_not_know() => WalkBodiesAsync(400, route => route.IsBodyFree ? null : ("""{"nonsense":1}""", "nonsense"));

    [Fact]
    public Task Every_route_with_a_body_names_a_member_of_the_wrong_type() => WalkBodiesAsync(400, route => route.IsBodyFree ? null : (Object(route, """{"a":1}"""), First(route)));

    [Fact]
    public Task Every_route_with_a_body_names_a_member_that_stands_twice() => WalkBodiesAsync(400, route => route.IsBodyFree ? null : (Object(route, $"null,\"{First(route)}\":null"), First(route)));

    [Fact]
    public Task Every_route_with_a_body_refuses_the_character_that_PostgreSQL_cannot_store() => WalkBodiesAsync(400, route => route.IsBodyFree ? null : (Object(route, "\"a\\u0000b\""), First(route)));

    [Fact]
    public Task Every_route_with_a_body_refuses_text_that_is_not_UTF_8() => WalkBodiesAsync(400, route =>
    {
        var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes($"{{\"{(route.IsBodyFree ? "text" : First(route))}\":\""), 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        return (content, null);
    });

    [Fact]
    public Task Every_route_with_a_body_answers_more_than_4_MiB_with_413() => WalkBodiesAsync(413, _ => ("{\"x\":\"" + new string('x', 4 * 1024 * 1024) + "\"}", null));

    [Fact]
    public Task Every_route_with_a_body_answers_more_than_4_MiB_of_unknown_length_with_413() => WalkBodiesAsync(413, _ =>
    {
        var content = new StreamContent(new Unending(5 * 1024 * 1024));
        content.Headers.ContentType = new("application/json");
        return (content, null);
    });

    [Theory, OnSqlite, OnPostgres]
    public async Task A_query_with_the_character_that_PostgreSQL_cannot_store_is_400(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        foreach (var route in ApiRoute.All(hub).Where(route => route.Method == HttpMethod.Get && !route.HasParameters))
        {
            ProblemAssert.IsProblem(await hub.Client.GetApiAsync($"{route.Template}?type=a%00b&action=%00&targetId=%00"), 400, route.Name);
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=%F0%9F%92%A5", "cursor")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=-9223372036854775808", "from")]
    [InlineData("from=-99999999999999", "from")]
    [InlineData("to=99999999999999999", "to")]
    [InlineData("endDate=2026-13-01", "endDate")]
    public async Task Every_list_names_the_fault_in_its_query(string query, string field)
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        foreach (var list in new[] { "/api/events", "/api/webhooks", "/api/keys", "/api/integrations/api-keys", "/api/audit" })
        {
            ProblemAssert.IsFault(await hub.Client.GetApiAsync($"{list}?{query}"), field);
        }
    }

    [Fact]
    public async Task A_fault_of_the_hub_itself_is_told_without_its_inside_and_with_the_request_id_of_the_log()
    {
        await using var hub = await HubApp.StartAsync();
        await using (var db = hub.OpenDatabase())
        {
            await db.Database.ExecuteSqlRawAsync("""ALTER TABLE "Events" RENAME TO "Gone" """);
        }

        var reply = await hub.Client.GetApiAsync("/api/events");

        ProblemAssert.IsProblem(reply, 500, "a broken database");
        Assert.DoesNotContain("Events", reply.Text, StringComparison.Ordinal);
        Assert.Contains(hub.Log.Lines, line => line.Contains(reply.String("instance"), StringComparison.Ordinal) && line.Contains("no such table", StringComparison.Ordinal));
    }

    /// <summary>An object with the first member that the route's body has.</summary>
    private static string Object(ApiRoute route, string value) => $"{{\"{First(route)}\":{value}}}";

    private static string First(ApiRoute route) => JsonNamingPolicy.CamelCase.ConvertName(
        route.BodyType!.GetConstructors()[0].GetParameters() is [var first, ..] ? first.Name! : route.BodyType.GetProperties()[0].Name);

    private async Task WalkBodiesAsync(int status, Func<ApiRoute, (object Body, string? Field)?> bad)
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        var things = await ApiThings.CreateAsync(await hub.CreateOrganizationAsync());
        var routes = ApiRoute.All(hub).Where(route => route.BodyType is not null).ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            if (bad(route) is not var (body, field) || (route.IsBodyOptional && body is ""))
            {
                continue;
            }

            var reply = await hub.Client.CallAsync(route.Method, things.PathOf(route), body);

            ProblemAssert.IsProblem(reply, status, route.Name);
            if (field is not null)
            {
                Assert.Equal([field], reply.Fields);
            }
        }
    }

    /// <summary>Zeros without end, as long as they are read.</summary>
    private sealed class Unending(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, read).Fill((byte)' ');
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

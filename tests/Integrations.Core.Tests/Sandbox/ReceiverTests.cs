using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

public sealed class ReceiverTests : IAsyncLifetime
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new();
    private SandboxHost _sandbox = null!;

    public async Task InitializeAsync() => _sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 3 });

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_kept_as_it_came()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _sandbox.ReceiveUrl("orders") + "?from=test");
        request.Content = new ByteArrayContent([0x7B, 0x00, 0xFF, 0x7D]);
        request.Headers.Add("X-Webhook-Event", "contact.created");
        await _client.SendAsync(request);

        var received = Assert.Single(_sandbox.Receiver.Received("orders"));
        Assert.Equal("POST", received.Method);
        Assert.Equal("/receive/orders", received.Path);
        Assert.Equal("?from=test", received.Query);
        Assert.Equal("contact.created", received.Header("x-webhook-event"));
        Assert.Equal([0x7B, 0x00, 0xFF, 0x7D], received.Body.ToArray());
        Assert.Equal(1, received.Number);
        Assert.StartsWith("127.0.0.1:", received.Remote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_oldest_requests_are_dropped_but_still_counted()
    {
        for (var i = 0; i < 5; i++)
        {
            await SendAsync("orders");
        }

        Assert.Equal(5, _sandbox.Receiver.Count("orders"));
        Assert.Equal([3, 4, 5], _sandbox.Receiver.Received("orders").Select(request => request.Number));
    }

    [Fact]
    public async Task Many_senders_at_once_are_counted_exactly()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => SendAsync("orders")));

        Assert.Equal(200, _sandbox.Receiver.Count("orders"));
    }

    [Fact]
    public async Task Waiting_ends_when_the_last_awaited_request_arrives()
    {
        var waiting = _sandbox.Receiver.WaitForAsync("orders", 2, _soon);
        await SendAsync("orders");
        Assert.False(waiting.IsCompleted);
        await SendAsync("orders");

        Assert.Equal(2, (await waiting).Count);
        Assert.Equal(2, (await _sandbox.Receiver.WaitForAsync("orders", 2, TimeSpan.Zero)).Count);
    }

    [Fact]
    public async Task Waiting_in_vain_tells_how_many_came()
    {
        await SendAsync("orders");

        var late = await Assert.ThrowsAsync<TimeoutException>(() => _sandbox.Receiver.WaitForAsync("orders", 2, TimeSpan.FromMilliseconds(20)));

        Assert.Contains("'orders' received 1 of 2 requests", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_set_up_and_read_over_http()
    {
        var set = await _client.PutAsJsonAsync(new Uri(_sandbox.Address, "/behaviour/orders"), new { behaviour = "status:503;retry-after=30" });
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        var answer = await SendAsync("orders", """{"id":1}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter?.Delta);

        var list = await _client.GetFromJsonAsync<JsonElement>(new Uri(_sandbox.Address, "/received/orders"));
        Assert.Equal("""{"id":1}""", list[0].GetProperty("body").GetString());
        Assert.Equal("status:503;retry-after=30", list[0].GetProperty("answer").GetString());
        Assert.Equal(1, (await CountOverHttpAsync()).GetProperty("count").GetInt64());

        await _client.DeleteAsync(new Uri(_sandbox.Address, "/received/orders"));
        Assert.Equal(0, (await CountOverHttpAsync()).GetProperty("count").GetInt64());
        Assert.Empty(_sandbox.Receiver.Received("orders"));
    }

    [Fact]
    public async Task An_unknown_behaviour_is_refused_with_the_known_ones()
    {
        var set = await _client.PutAsJsonAsync(new Uri(_sandbox.Address, "/behaviour/orders"), new { behaviour = "explode" });

        Assert.Equal(HttpStatusCode.BadRequest, set.StatusCode);
        Assert.Contains("flaky:{n}", await set.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => _sandbox.Receiver.Behave("orders", "sequence:500,sequence:200"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync(_sandbox.ReceiveUrl("orders", "explode"), null)).StatusCode);
    }

    private Task<JsonElement> CountOverHttpAsync() => _client.GetFromJsonAsync<JsonElement>(new Uri(_sandbox.Address, "/received/orders/count"));

    private Task<HttpResponseMessage> SendAsync(string name, string body = "{}") => _client.PostAsync(_sandbox.ReceiveUrl(name), new StringContent(body));
}

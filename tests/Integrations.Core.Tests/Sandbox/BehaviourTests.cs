using System.IO.Compression;
using System.Net;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Sandbox;

public sealed class BehaviourTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private SandboxHost _sandbox = null!;

    public async Task InitializeAsync() => _sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = _clock });

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData("ok", "200 200 200")]
    [InlineData("status:410", "410 410 410")]
    [InlineData("flaky:2", "500 500 200 200")]
    [InlineData("sequence:500,429;retry-after=7,204", "500 429 204 204")]
    public async Task A_name_answers_as_it_was_told(string behaviour, string statuses)
    {
        _sandbox.Receiver.Behave("orders", behaviour);

        Assert.Equal(statuses, await StatusesAsync(_sandbox.ReceiveUrl("orders"), statuses.Split(' ').Length));
    }

    [Fact]
    public async Task A_behaviour_in_the_url_wins_and_keeps_its_own_place()
    {
        _sandbox.Receiver.Behave("orders", "status:400");

        Assert.Equal("500 200", await StatusesAsync(_sandbox.ReceiveUrl("orders", "flaky:1"), 2));
        Assert.Equal("400", await StatusesAsync(_sandbox.ReceiveUrl("orders"), 1));
    }

    [Fact]
    public async Task Setting_a_behaviour_again_starts_its_steps_anew()
    {
        _sandbox.Receiver.Behave("orders", "flaky:1");
        Assert.Equal("500 200", await StatusesAsync(_sandbox.ReceiveUrl("orders"), 2));
        _sandbox.Receiver.Behave("orders", "flaky:1");
        Assert.Equal("500 200", await StatusesAsync(_sandbox.ReceiveUrl("orders"), 2));
    }

    [Fact]
    public async Task A_redirect_names_its_target()
    {
        var answer = await _client.PostAsync(_sandbox.ReceiveUrl("orders", "redirect:http://169.254.169.254/latest"), null);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
        Assert.Equal("http://169.254.169.254/latest", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_reset_breaks_the_connection()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostAsync(_sandbox.ReceiveUrl("orders", "reset"), null));
        Assert.Equal(1, _sandbox.Receiver.Count("orders"));
    }

    [Fact]
    public async Task A_slow_answer_comes_after_its_time()
    {
        var answer = _client.PostAsync(_sandbox.ReceiveUrl("orders", "slow:60000"), null);
        await _clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(10));

        _clock.Advance(TimeSpan.FromMilliseconds(59_999));
        Assert.False(answer.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task A_hanging_answer_never_comes()
    {
        using var patience = new CancellationTokenSource();
        var answer = _client.PostAsync(_sandbox.ReceiveUrl("orders", "hang"), null, patience.Token);
        await _sandbox.Receiver.WaitForAsync("orders", 1, TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromDays(1));

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task A_huge_body_goes_on_as_long_as_it_is_read()
    {
        await using var body = await OpenAsync("huge");
        var block = new byte[1024 * 1024];
        for (var i = 0; i < 16; i++)
        {
            await body.ReadExactlyAsync(block);
        }
    }

    [Fact]
    public async Task A_dripping_body_gives_its_first_byte_and_then_waits()
    {
        await using var body = await OpenAsync("drip");
        var one = new byte[1];
        await body.ReadExactlyAsync(one);

        Assert.Equal((byte)'.', one[0]);
        Assert.False(body.ReadAsync(one).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_gzip_bomb_unpacks_to_far_more_than_it_weighs()
    {
        await using var body = await OpenAsync("gzip-bomb");
        await using var unpacked = new GZipStream(body, CompressionMode.Decompress);
        var block = new byte[1024 * 1024];
        for (var i = 0; i < 80; i++)
        {
            await unpacked.ReadExactlyAsync(block);
        }

        Assert.All(block, value => Assert.Equal(0, value));
    }

    private async Task<Stream> OpenAsync(string behaviour)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _sandbox.ReceiveUrl("orders", behaviour));
        var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.Content.ReadAsStreamAsync();
    }

    private async Task<string> StatusesAsync(string url, int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            statuses.Add((int)(await _client.PostAsync(url, null)).StatusCode);
        }

        return string.Join(' ', statuses);
    }
}

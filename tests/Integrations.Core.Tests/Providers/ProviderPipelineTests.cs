using System.IO.Compression;
using Integrations.Core.Providers;
using Microsoft.AspNetCore.Http;

namespace Integrations.Core.Tests.Providers;

public sealed class ProviderPipelineTests
{
    private static readonly ProviderRequest _get = ProviderRequest.Get("/things");
    private static readonly ProviderRequest _post = ProviderRequest.PostJson("/things", new { name = "one" });

    [Fact]
    public async Task A_connection_uses_its_rate_up_at_once_and_then_waits_for_it_to_fill()
    {
        await using var rig = await PipelineRig.StartAsync(new PipelineConnector(ProviderRateLimit.PerSecond(5)));
        var connection = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => rig.SendAsync(_get, connection)));

        var sixth = rig.SendAsync(_get, connection);
        var seventh = rig.SendAsync(_get, connection);
        await rig.UntilWaitingAfterAsync(5);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(5, rig.Arrived.Count);

        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await sixth;
        Assert.Equal(6, rig.Arrived.Count);

        rig.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await seventh;

        // Another connection has a rate of its own.
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => rig.SendAsync(_get, Guid.NewGuid())));
        Assert.Equal(12, rig.Arrived.Count);
    }

    [Fact]
    public async Task Who_would_have_to_wait_longer_than_its_patience_is_told_so_at_once()
    {
        await using var rig = await PipelineRig.StartAsync(new PipelineConnector(ProviderRateLimit.PerMinute(1)));
        var connection = Guid.NewGuid();
        await rig.SendAsync(_get, connection);

        var fault = await PipelineRig.FaultOfAsync(rig.SendAsync(_get, connection, patience: TimeSpan.FromSeconds(5)), ProviderFaultKind.RateLimited);

        Assert.Equal(TimeSpan.FromSeconds(60), fault.RetryAfter);
        Assert.Single(rig.Arrived);

        // Its turn was given back: after a minute the next one need not wait for two.
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await rig.SendAsync(_get, connection);
    }

    [Fact]
    public async Task No_more_calls_are_under_way_at_once_than_the_provider_allows()
    {
        await using var rig = await PipelineRig.StartAsync(new PipelineConnector(ProviderRateLimit.Unlimited with { Concurrent = 2 }));
        using var gate = new SemaphoreSlim(0);
        var (now, most) = (0, 0);
        rig.Handler = async context =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await gate.WaitAsync(context.RequestAborted);
            Interlocked.Decrement(ref now);
        };
        var connection = Guid.NewGuid();

        var calls = Enumerable.Range(0, 6).Select(_ => rig.SendAsync(_get, connection)).ToList();
        await rig.UntilArrivedAsync(2);
        gate.Release(6);
        await Task.WhenAll(calls);

        Assert.Equal((6, 2), (rig.Arrived.Count, most));
    }

    [Fact]
    public async Task Who_is_told_to_come_back_later_comes_back_then_and_not_before()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.AnswerInTurn(PipelineRig.Status(429, ("Retry-After", "3")), PipelineRig.Status(200));

        var call = rig.SendAsync(_post, patience: TimeSpan.FromSeconds(5));
        await rig.UntilWaitingAfterAsync(1);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(2_999));
        Assert.Single(rig.Arrived);

        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await call;
        Assert.Equal([true, false], rig.Calls.Select(tried => tried.IsThrottled));
    }

    [Fact]
    public async Task A_moment_to_come_back_at_counts_like_a_wait()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = PipelineRig.Status(503, ("Date", "Mon, 05 Jan 2026 09:00:00 GMT"), ("Retry-After", "Mon, 05 Jan 2026 09:02:00 GMT"));

        var fault = await PipelineRig.FaultOfAsync(rig.SendAsync(_get), ProviderFaultKind.Unavailable);

        Assert.Equal(TimeSpan.FromMinutes(2), fault.RetryAfter);
        Assert.Single(rig.Arrived);
    }

    [Fact]
    public async Task All_waits_together_are_bounded_by_the_patience()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = PipelineRig.Status(429, ("Retry-After", "3"));

        var call = rig.SendAsync(_get, patience: TimeSpan.FromSeconds(5));
        await rig.UntilWaitingAfterAsync(1);
        rig.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), (await PipelineRig.FaultOfAsync(call, ProviderFaultKind.RateLimited)).RetryAfter);
        Assert.Equal(2, rig.Arrived.Count);
    }

    [Fact]
    public async Task What_does_no_harm_twice_is_tried_again_three_times()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = PipelineRig.Status(503);

        var call = rig.SendAsync(_get);
        for (var tries = 1; tries <= 3; tries++)
        {
            await rig.UntilWaitingAfterAsync(tries);
            rig.Clock.Advance(TimeSpan.FromSeconds(3));
        }

        await PipelineRig.FaultOfAsync(call, ProviderFaultKind.Unavailable);
        Assert.Equal(4, rig.Arrived.Count);
    }

    [Fact]
    public async Task What_might_be_done_twice_is_sent_once()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = PipelineRig.Status(503);

        await PipelineRig.FaultOfAsync(rig.SendAsync(_post), ProviderFaultKind.Unavailable);

        Assert.Equal(["POST /things"], rig.Arrived);
    }

    [Fact]
    public async Task A_post_that_says_that_it_can_be_repeated_is()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.AnswerInTurn(PipelineRig.Status(503), PipelineRig.Status(200));

        var call = rig.SendAsync(_post with { CanRepeat = true });
        await rig.UntilWaitingAfterAsync(1);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await call;

        Assert.Equal(2, rig.Arrived.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task What_will_be_refused_again_is_not_tried_again(int status)
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = PipelineRig.Status(status);

        Assert.Equal(status, (int)(await Assert.ThrowsAsync<ProviderFault>(() => rig.SendAsync(_get))).Status!);

        Assert.Single(rig.Arrived);
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_let_rest_and_then_tried_by_one_call()
    {
        await using var rig = await PipelineRig.StartAsync();
        var (sick, well) = (Guid.NewGuid(), Guid.NewGuid());
        rig.Handler = PipelineRig.Status(500);
        for (var i = 0; i < 10; i++)
        {
            await PipelineRig.FaultOfAsync(rig.SendAsync(_post, sick), ProviderFaultKind.Unavailable);
        }

        rig.Handler = PipelineRig.Status(200);
        Assert.Contains("rest", (await PipelineRig.FaultOfAsync(rig.SendAsync(_post, sick), ProviderFaultKind.Unavailable)).Message, StringComparison.Ordinal);
        Assert.Equal(10, rig.Arrived.Count);
        await rig.SendAsync(_post, well);

        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        await rig.SendAsync(_post, sick);
        await rig.SendAsync(_post, sick);
        Assert.Equal(13, rig.Arrived.Count);
    }

    [Fact]
    public async Task A_provider_that_refuses_or_throttles_is_not_sick()
    {
        await using var rig = await PipelineRig.StartAsync();
        var connection = Guid.NewGuid();
        rig.AnswerInTurn([.. Enumerable.Range(0, 20).Select(i => PipelineRig.Status(i % 2 == 0 ? 422 : 429, ("Retry-After", "60"))), PipelineRig.Status(200)]);

        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<ProviderFault>(() => rig.SendAsync(_post, connection));
        }

        await rig.SendAsync(_post, connection);
        Assert.Equal(21, rig.Arrived.Count);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_given_up_after_ten_seconds()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var call = rig.SendAsync(_post);
        await rig.UntilArrivedAsync(1);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.False(call.IsCompleted);

        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("The Lab did not answer within 10 s.", (await PipelineRig.FaultOfAsync(call, ProviderFaultKind.Unavailable)).Message);
    }

    [Fact]
    public async Task Who_gives_up_itself_gets_no_fault()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var cancellation = new CancellationTokenSource();

        var call = rig.SendAsync(_get, cancellationToken: cancellation.Token);
        await rig.UntilArrivedAsync(1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(rig.Arrived);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_is_too_large_is_refused_also_when_it_only_becomes_so_unpacked(bool isPacked)
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = async context =>
        {
            if (isPacked)
            {
                context.Response.Headers.ContentEncoding = "gzip";
            }

            await using var body = isPacked ? new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : context.Response.Body;
            var megabyte = new byte[1024 * 1024];
            for (var sent = 0; sent <= ProviderHttp.MaxBytes && !context.RequestAborted.IsCancellationRequested; sent += megabyte.Length)
            {
                await body.WriteAsync(megabyte, context.RequestAborted);
            }
        };

        Assert.Contains("more than", (await PipelineRig.FaultOfAsync(rig.SendAsync(_get), ProviderFaultKind.Refused)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_a_token_request_is_bounded_more_tightly()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = context => context.Response.WriteAsync(new string(' ', ProviderHttp.MaxTokenBytes + 1));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{rig.Url}/token");

        await PipelineRig.FaultOfAsync(rig.SendOnceAsync(request), ProviderFaultKind.Refused);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_a_provider_that_is_not_there()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{\"half\":");
            context.Abort();
        };

        await PipelineRig.FaultOfAsync(rig.SendAsync(_post), ProviderFaultKind.Unavailable);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.Handler = PipelineRig.Status(302, ("Location", "/elsewhere"));

        Assert.Equal(302, (int)(await PipelineRig.FaultOfAsync(rig.SendAsync(_get), ProviderFaultKind.Refused)).Status!);

        Assert.Equal(["GET /things"], rig.Arrived);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{other}/page-2")]
    [InlineData("http://127.0.0.1:{own}@127.0.0.1:{other}/page-2")]
    [InlineData("http://localhost:{own}/page-2")]
    [InlineData("https://127.0.0.1:{own}/page-2")]
    [InlineData("https://lab.example.evil.example/page-2")]
    public async Task A_next_page_on_another_host_is_not_called(string url)
    {
        await using var rig = await PipelineRig.StartAsync();
        await using var other = await ProviderStub.StartAsync();

        await PipelineRig.FaultOfAsync(
            rig.SendAsync(ProviderRequest.Get(url.Replace("{own}", new Uri(rig.Url).Port.ToString(), StringComparison.Ordinal).Replace("{other}", new Uri(other.Url).Port.ToString(), StringComparison.Ordinal))),
            ProviderFaultKind.Refused);

        Assert.Empty(rig.Arrived);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_next_page_on_the_same_host_is_called_with_the_credential()
    {
        await using var rig = await PipelineRig.StartAsync();
        string? sent = null;
        rig.Handler = context =>
        {
            sent = context.Request.Headers.Authorization;
            return Task.CompletedTask;
        };

        await rig.SendAsync(ProviderRequest.Get($"{rig.Url}/page-2?cursor=a%2Fb"));

        Assert.Equal("Bearer the-token", sent);
        Assert.Equal(["GET /page-2"], rig.Arrived);
    }

    [Theory]
    [InlineData("https://inside.lab.example")]
    [InlineData("https://both.lab.example")]
    public async Task An_instance_that_leads_inside_is_refused_though_its_name_is_the_providers(string instance)
    {
        await using var rig = await PipelineRig.StartAsync(names: new(StringComparer.Ordinal) { ["inside.lab.example"] = [["10.0.0.5"]], ["both.lab.example"] = [["93.184.216.34", "169.254.169.254"]] });

        var fault = await PipelineRig.FaultOfAsync(rig.SendAsync(_get, instanceUrl: instance), ProviderFaultKind.Refused);

        Assert.Contains("is not a public address", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://10.0.0.5")]
    [InlineData("https://evil.example")]
    [InlineData("http://acme.lab.example")]
    public async Task An_instance_that_is_not_the_providers_is_refused(string instance)
    {
        await using var rig = await PipelineRig.StartAsync();

        var fault = await PipelineRig.FaultOfAsync(rig.SendAsync(_get, instanceUrl: instance), ProviderFaultKind.Refused);

        Assert.Contains("is not an address of The Lab", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_cannot_be_found_may_come_back()
    {
        await using var rig = await PipelineRig.StartAsync();

        await PipelineRig.FaultOfAsync(rig.SendAsync(_post, instanceUrl: "https://gone.lab.example"), ProviderFaultKind.Unavailable);
    }

    [Fact]
    public async Task Every_try_is_told_with_what_the_answer_says_of_quotas()
    {
        await using var rig = await PipelineRig.StartAsync();
        rig.AnswerInTurn(PipelineRig.Status(200, ("X-Left", "41")), PipelineRig.Status(404, ("X-Left", "40")));

        await rig.SendAsync(_get);
        await PipelineRig.FaultOfAsync(rig.SendAsync(_get), ProviderFaultKind.Refused);

        Assert.Equal([(false, 41), (true, 40L)], rig.Calls.Select(call => (call.IsError, call.Quotas.Single().Remaining)));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}

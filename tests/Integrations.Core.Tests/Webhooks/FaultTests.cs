using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Integrations.Core.Events;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Integrations.Sandbox.Webhooks;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>Whatever an endpoint sends back is recorded as what it was, and the others get theirs.</summary>
public sealed class FaultTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + Ok, 200)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + Ok, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Checksum\r\n\r\n2\r\nok\r\n0\r\nChecksum: abc\r\nSet-Cookie: a=b\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nok", 200)]
    [InlineData("HTTP/1.0 202 Accepted\r\nConnection: close\r\n\r\nok", 202)]
    [InlineData("HTTP/1.1 299 \r\nContent-Length: 2\r\n\r\nok", 299)]
    public async Task Unusual_answers_that_say_yes_count(string answer, int status)
    {
        var attempt = await TryAsync(answer, isEndless: false);

        Assert.Equal(AttemptOutcome.Delivered, attempt.Outcome);
        Assert.Equal(status, attempt.ResponseStatus);
        Assert.Equal("ok", Encoding.UTF8.GetString(attempt.ResponseBody!));
        Assert.False(attempt.ResponseBodyCut);
        Assert.Null(attempt.Error);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", AttemptOutcome.ConnectionLost)]
    [InlineData("", AttemptOutcome.ConnectionLost)]
    [InlineData("HTTP/1.1 200", AttemptOutcome.ConnectionLost)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", AttemptOutcome.ConnectionLost)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut short", AttemptOutcome.ConnectionLost)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n", AttemptOutcome.ConnectionLost)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", AttemptOutcome.RefusedByStatus)]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n", AttemptOutcome.Redirected)]
    public async Task Answers_that_say_nothing_are_recorded_as_what_they_were(string answer, AttemptOutcome outcome)
    {
        var attempt = await TryAsync(answer, isEndless: false);

        Assert.Equal(outcome, attempt.Outcome);
        Assert.EndsWith(".", attempt.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Filler: ", "filler")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: a\r\n")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nX: a\r\n\r\n")]
    public async Task Headers_without_end_are_cut_off(string start, string repeated)
    {
        var attempt = await TryAsync(start + string.Concat(Enumerable.Repeat(repeated, 64 * 1024 / repeated.Length)), isEndless: true);

        Assert.Equal(AttemptOutcome.ConnectionLost, attempt.Outcome);
        Assert.Contains("larger than 32 KiB", attempt.Error, StringComparison.Ordinal);
        Assert.Null(attempt.ResponseStatus);
    }

    [Theory]
    [InlineData("status:301", AttemptOutcome.Redirected)]
    [InlineData("redirect:http://127.0.0.1:1/", AttemptOutcome.Redirected)]
    [InlineData("redirect:/receive/well", AttemptOutcome.Redirected)]
    [InlineData("status:400", AttemptOutcome.RefusedByStatus)]
    [InlineData("status:410", AttemptOutcome.RefusedByStatus)]
    [InlineData("status:599", AttemptOutcome.RefusedByStatus)]
    public async Task Only_2xx_is_success_and_nobody_is_sent_elsewhere(string behaviour, AttemptOutcome outcome)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        sandbox.Receiver.Behave("a", behaviour);

        var (attempt, _) = await TryAsync(sandbox.ReceiveUrl("a"));

        Assert.Equal(outcome, attempt.Outcome);
        Assert.Equal(1, sandbox.Receiver.Count("a"));
        Assert.Equal(0, sandbox.Receiver.Count("well"));
    }

    [Theory]
    [InlineData("status:429;retry-after=120", 120)]
    [InlineData("status:503;retry-after=120", 120)]
    [InlineData("status:301;retry-after=120", 120)]
    [InlineData("status:429;retry-after=Fri, 31 Dec 9999 23:59:59 GMT", 86_400)]
    [InlineData("status:429;retry-after=Mon, 01 Jan 2001 00:00:00 GMT", 2)]
    [InlineData("status:429;retry-after=0", 2)]
    [InlineData("status:429;retry-after=-60", 2)]
    [InlineData("status:429;retry-after=99999999999999999999", 2)]
    [InlineData("status:429;retry-after=soon", 2)]
    public async Task Retry_After_lengthens_the_wait_up_to_a_day_and_nonsense_is_passed_over(string behaviour, int seconds)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        sandbox.Receiver.Behave("a", behaviour);

        var (attempt, row) = await TryAsync(sandbox.ReceiveUrl("a"));

        // Jitter adds a tenth to a wait of the plan, and answering takes its time.
        Assert.InRange((row.NextAttemptAt!.Value - attempt.StartedAt).TotalSeconds, seconds, (seconds * 1.1) + 20);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-2, -1)]
    public async Task A_certificate_that_nobody_vouches_for_is_refused(int fromDays, int toDays)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(fromDays).AddHours(-1), now.AddDays(toDays));
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Certificate = certificate });

        var (attempt, _) = await TryAsync(sandbox.ReceiveUrl("a"));

        Assert.Equal(AttemptOutcome.TlsFailed, attempt.Outcome);
        Assert.StartsWith("TLS failed:", attempt.Error, StringComparison.Ordinal);
        Assert.Equal(0, sandbox.Receiver.Count("a"));
    }

    [Fact]
    public async Task Plain_HTTP_where_TLS_is_expected_is_a_TLS_fault()
    {
        await using var raw = RawReceiver.Start("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());

        var (attempt, _) = await TryAsync(raw.Url.Replace("http://", "https://", StringComparison.Ordinal));

        Assert.Contains(attempt.Outcome, new[] { AttemptOutcome.TlsFailed, AttemptOutcome.ConnectionLost, AttemptOutcome.TimedOut });
        Assert.NotNull(attempt.Error);
    }

    [Fact]
    public async Task What_nobody_listens_at_is_not_connected_to_and_tells_how_long_the_name_took()
    {
        var url = $"http://127.0.0.1:{FreePort.Take()}/hook";

        var (attempt, _) = await TryAsync(url);

        Assert.Equal((AttemptOutcome.ConnectFailed, url), (attempt.Outcome, attempt.Url));
        Assert.NotNull(attempt.DnsMicroseconds);
        Assert.Equal((null, null, false), (attempt.ConnectMicroseconds, attempt.RemoteAddress, attempt.ConnectionReused));
    }

    [Fact]
    public async Task A_try_over_an_open_connection_tells_that_and_where_it_went()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        sandbox.Receiver.Behave("a", "sequence:200,hang");
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", new WebhookInput { TimeoutSeconds = 1, Retry = new RetryInput(Delays: []) });
        await hub.StartAsync();
        await hub.PublishAsync(1);
        await hub.DeliveriesAsync(endpoint, rows => rows[0].Status == DeliveryStatus.Delivered);
        await hub.PublishAsync(1);
        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.Count == 2 && rows[1].Status == DeliveryStatus.Failed);

        var first = Assert.Single((await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, rows[0].Id, CancellationToken.None)).Attempts);
        var second = Assert.Single((await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, rows[1].Id, CancellationToken.None)).Attempts);
        var address = $"127.0.0.1:{sandbox.Address.Port}";
        Assert.Equal((address, false, AttemptOutcome.Delivered), (first.RemoteAddress, first.ConnectionReused, first.Outcome));
        Assert.NotNull(first.ConnectMicroseconds);
        // It was sent over the connection of the first, and nobody answered.
        Assert.Equal((address, true, AttemptOutcome.TimedOut), (second.RemoteAddress, second.ConnectionReused, second.Outcome));
        Assert.Equal((null, null, null), (second.DnsMicroseconds, second.ConnectMicroseconds, second.FirstByteMicroseconds));
    }

    private static async Task<AttemptRow> TryAsync(string answer, bool isEndless)
    {
        await using var raw = RawReceiver.Start(Encoding.ASCII.GetBytes(answer), isEndless);
        return (await TryAsync(raw.Url)).Attempt;
    }

    /// <summary>Publishes for an endpoint and for a healthy one, which must get its own whatever the first does.</summary>
    private static async Task<(AttemptRow Attempt, DeliveryRow Row)> TryAsync(string url)
    {
        await using var others = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        var created = await hub.Get<WebhookService>().CreateAsync(hub.Actor, new WebhookInput { Url = url, Events = ["invoice.paid"], TimeoutSeconds = 1 }, CancellationToken.None);
        await hub.StartAsync();
        await hub.Get<EventPublisher>().PublishAsync(hub.Actor, [new NewEvent("invoice.paid", "{}"u8.ToArray())], CancellationToken.None);
        var row = await hub.WaitForAsync(
            async () => (await hub.Get<DeliveryQueries>().ListAsync(hub.Actor, new DeliveryFilter(created.Id), new(), CancellationToken.None)).Rows[0],
            delivery => delivery.AttemptCount > 0 && delivery.Status != DeliveryStatus.Delivering);
        await hub.AddEndpointAsync(others, "healthy", "invoice.sent");
        await hub.Get<EventPublisher>().PublishAsync(hub.Actor, [new NewEvent("invoice.sent", "{}"u8.ToArray())], CancellationToken.None);
        Assert.True((await others.Receiver.WaitForAsync("healthy", 1, TimeSpan.FromSeconds(30)))[0].StandardValid);
        return ((await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, row.Id, CancellationToken.None)).Attempts[0], row);
    }
}

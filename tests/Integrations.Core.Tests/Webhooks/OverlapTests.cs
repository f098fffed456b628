using System.Globalization;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Integrations.Sandbox.Webhooks;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>The overlap of a rotation ends by itself.</summary>
public sealed class OverlapTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Both_secrets_sign_until_the_overlap_has_run_out_and_then_the_new_one_alone()
    {
        FakeClock clock = new();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(time: clock);
        var created = await hub.Get<WebhookService>().CreateAsync(hub.Actor, new WebhookInput { Url = sandbox.ReceiveUrl("a"), Events = ["custom.*"] }, CancellationToken.None);
        await hub.StartAsync();
        var old = created.Secret!;
        var next = (await hub.Get<WebhookSecretService>().RotateAsync(hub.Actor, created.Id, overlapHours: 1, secret: null, signatureType: null, CancellationToken.None)).Secret!;

        var during = await DeliverAsync(hub, sandbox, created.Id, 1);
        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(10));
        var atTheEnd = await DeliverAsync(hub, sandbox, created.Id, 2);
        clock.Advance(TimeSpan.FromSeconds(20));
        var after = await DeliverAsync(hub, sandbox, created.Id, 3);

        foreach (var request in new[] { during, atTheEnd })
        {
            Assert.True(request.IsSignedInHexWith(old));
            Assert.True(request.IsSignedInHexWith(next, WebhookHeaders.NextSignature));
            Assert.True(IsStandard(request, old) && IsStandard(request, next));
        }

        Assert.True(after.IsSignedInHexWith(next));
        Assert.Null(after.Header(WebhookHeaders.NextSignature));
        Assert.False(IsStandard(after, old));
        Assert.True(IsStandard(after, next));
        Assert.Null((await hub.Get<WebhookQueries>().GetAsync(hub.Actor, created.Id, CancellationToken.None)).PreviousSecretExpiresAt);
    }

    // As of its own time: the receiver's clock is another.
    private static bool IsStandard(ReceivedRequest request, string secret)
    {
        var timestamp = request.Header(WebhookHeaders.Timestamp)!;
        return WebhookSignatures.IsStandardValid(
            request.Header(WebhookHeaders.Id), timestamp, request.Header(WebhookHeaders.Signature), request.Body.Span, secret,
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture)));
    }

    private static async Task<ReceivedRequest> DeliverAsync(TestHub hub, SandboxHost sandbox, Guid endpoint, int count)
    {
        await hub.PublishAsync(1);
        // Once its outcome is written, so that no time-out runs when the clock moves.
        await hub.DeliveriesAsync(endpoint, rows => rows.Count == count && rows.All(row => row.Status == DeliveryStatus.Delivered));
        return (await sandbox.Receiver.WaitForAsync("a", count, _patience))[^1];
    }
}

using Integrations.Core.Events;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>Libraries that we did not write accept what we send.</summary>
public sealed class NpmVerifierTests
{
    [NpmFact]
    public async Task Real_deliveries_are_accepted_by_standardwebhooks_and_svix()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        var created = await hub.Get<Core.Webhooks.WebhookService>().CreateAsync(
            hub.Actor, new Core.Webhooks.WebhookInput { Url = sandbox.ReceiveUrl("a"), Events = ["*"] }, CancellationToken.None);
        await hub.StartAsync();
        await hub.Get<EventPublisher>().PublishAsync(
            hub.Actor,
            [new NewEvent("custom.text", """{"text":"Grüße, 世界 🌍","number":1.0}"""u8.ToArray()), new NewEvent("custom.empty", "{}"u8.ToArray(), "order-1")],
            CancellationToken.None);

        await using var verifier = NpmVerifier.Start();
        foreach (var request in await sandbox.Receiver.WaitForAsync("a", 2, TimeSpan.FromSeconds(30)))
        {
            var verdict = await verifier.VerifyAsync(created.Secret!, request.Headers, request.Body);
            Assert.True(verdict.StandardWebhooks);
            Assert.True(verdict.Svix);
        }
    }
}

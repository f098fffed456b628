using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

public sealed class RotationTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task During_the_overlap_both_secrets_sign_and_after_it_the_new_one_alone(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var created = await world.CreateAsync();
        var (path, old) = ($"/api/webhooks/{created.String("webhook.id")}", created.String("webhook.secret"));

        var rotated = await world.Client.PostApiAsync($"{path}/rotate-secret", """{"overlapHours":2}""");
        var fresh = rotated.String("secret");
        await world.PublishAsync();
        var during = (await world.ReceivedAsync(1))[0];

        Assert.NotEqual(old, fresh);
        Assert.InRange(rotated["previousSecretExpiresAt"].GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(115), DateTimeOffset.UtcNow.AddMinutes(121));
        Assert.True(during.IsSignedInHexWith(old));
        Assert.True(during.IsSignedInHexWith(fresh, "X-Webhook-Signature-Next"));
        Assert.True(during.IsSignedInStandardWith(old));
        Assert.True(during.IsSignedInStandardWith(fresh));

        Assert.Equal(200, (await world.Client.DeleteApiAsync($"{path}/previous-secret")).Status);
        ProblemAssert.IsProblem(await world.Client.DeleteApiAsync($"{path}/previous-secret"), 409, "no overlap");
        await world.PublishAsync();
        var after = (await world.ReceivedAsync(2))[1];

        Assert.True(after.IsSignedInHexWith(fresh));
        Assert.Null(after.Header("X-Webhook-Signature-Next"));
        Assert.False(after.IsSignedInStandardWith(old));
        Assert.True(after.IsSignedInStandardWith(fresh));
    }

    [Fact]
    public async Task Without_a_body_the_overlap_is_a_day_and_the_secret_random()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var path = $"/api/webhooks/{(await world.CreateAsync()).String("webhook.id")}";

        var rotated = await world.Client.PostApiAsync($"{path}/rotate-secret");

        Assert.StartsWith("whsec_", rotated.String("secret"), StringComparison.Ordinal);
        Assert.InRange(rotated["previousSecretExpiresAt"].GetDateTimeOffset(), DateTimeOffset.UtcNow.AddHours(23), DateTimeOffset.UtcNow.AddHours(25));
        Assert.Equal(rotated["previousSecretExpiresAt"].GetDateTimeOffset(), (await world.Client.GetApiAsync(path))["webhook.previousSecretExpiresAt"].GetDateTimeOffset());
    }

    [Fact]
    public async Task Without_an_overlap_a_secret_of_ones_own_takes_over_at_once_and_nothing_of_it_is_audited()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var path = $"/api/webhooks/{(await world.CreateAsync()).String("webhook.id")}";

        var rotated = await world.Client.PostApiAsync($"{path}/rotate-secret", """{"overlapHours":0,"secret":"my-own-plain-secret-77"}""");

        Assert.Equal(JsonValueKind.Null, rotated["previousSecretExpiresAt"].ValueKind);
        await world.PublishAsync();
        Assert.True((await world.ReceivedAsync(1))[0].IsSignedInHexWith("my-own-plain-secret-77"));
        var audit = await world.Client.GetApiAsync("/api/audit");
        Assert.Contains("webhook.secret_rotated", audit.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("my-own-plain-secret-77", audit.Text, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_pair_shows_its_public_key_alone_and_can_take_the_place_of_a_secret(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var created = await world.CreateAsync();
        var (path, old) = ($"/api/webhooks/{created.String("webhook.id")}", created.String("webhook.secret"));
        Assert.Equal(("hmac256", JsonValueKind.Null), (created.String("webhook.signatureType"), created["webhook.publicKey"].ValueKind));

        var rotated = await world.Client.PostApiAsync($"{path}/rotate-secret", """{"overlapHours":2,"signatureType":"ed25519"}""");
        await world.PublishAsync();
        var during = (await world.ReceivedAsync(1))[0];
        await world.Client.DeleteApiAsync($"{path}/previous-secret");
        await world.PublishAsync();
        var after = (await world.ReceivedAsync(2))[1];

        Assert.Equal(200, rotated.Status);
        Assert.False(rotated.Body.TryGetProperty("secret", out _));
        Assert.StartsWith("whpk_", rotated.String("publicKey"), StringComparison.Ordinal);
        var shown = await world.Client.GetApiAsync(path);
        Assert.Equal(("ed25519", rotated.String("publicKey")), (shown.String("webhook.signatureType"), shown.String("webhook.publicKey")));
        // Receivers with the old secret are served until the overlap ends; then there is no hex header.
        Assert.True(during.IsSignedInHexWith(old) && during.IsSignedInStandardWith(old));
        Assert.Null(during.Header("X-Webhook-Signature-Next"));
        Assert.StartsWith("v1a,", during.Header("webhook-signature"), StringComparison.Ordinal);
        Assert.Null(after.Header("X-Webhook-Signature"));
        Assert.DoesNotContain(' ', after.Header("webhook-signature")!);
        Assert.DoesNotContain("whsk_", (await world.Client.GetApiAsync("/api/audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_takes_the_place_of_a_key_pair_with_its_hex_header_at_once()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var path = $"/api/webhooks/{(await world.CreateAsync(new Dictionary<string, object?> { ["signatureType"] = "ed25519" })).String("webhook.id")}";

        var rotated = await world.Client.PostApiAsync($"{path}/rotate-secret", """{"signatureType":"hmac256"}""");
        await world.PublishAsync();
        var during = (await world.ReceivedAsync(1))[0];

        Assert.Equal(JsonValueKind.Null, rotated["publicKey"].ValueKind);
        Assert.True(during.IsSignedInHexWith(rotated.String("secret")) && during.IsSignedInStandardWith(rotated.String("secret")));
        Assert.Contains(" v1a,", during.Header("webhook-signature"), StringComparison.Ordinal);
        Assert.Null(during.Header("X-Webhook-Signature-Next"));
        Assert.Equal("hmac256", (await world.Client.GetApiAsync(path)).String("webhook.signatureType"));
    }

    [Fact]
    public async Task A_type_that_is_none_or_not_the_secrets_is_told()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await world.CreateAsync(new Dictionary<string, object?> { ["signatureType"] = "rsa" }), "signatureType");
        ProblemAssert.IsFault(await world.CreateAsync(new Dictionary<string, object?> { ["signatureType"] = "ed25519", ["secret"] = "my-own-plain-secret-77" }), "signatureType");
        ProblemAssert.IsFault(await world.Client.PatchApiAsync($"/api/webhooks/{(await world.CreateAsync()).String("webhook.id")}", new { signatureType = "ed25519" }), "signatureType");
    }

    [Theory]
    [InlineData("""{"overlapHours":-1}""", "overlapHours")]
    [InlineData("""{"overlapHours":169}""", "overlapHours")]
    [InlineData("""{"secret":"short"}""", "secret")]
    public async Task What_cannot_be_is_told_at_its_field(string body, string field)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var reply = await world.Client.PostApiAsync($"/api/webhooks/{(await world.CreateAsync()).String("webhook.id")}/rotate-secret", body);

        ProblemAssert.IsProblem(reply, 400, body);
        Assert.Equal([field], reply.Fields);
    }
}

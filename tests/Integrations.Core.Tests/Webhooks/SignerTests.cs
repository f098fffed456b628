using System.Text;
using Integrations.Core.Security;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;

namespace Integrations.Core.Tests.Webhooks;

public sealed class SignerTests
{
    [Fact]
    public void The_published_vector_of_Standard_Webhooks_is_met()
    {
        var secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        var signature = WebhookSigner.Standard(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void The_published_vector_of_a_key_pair_is_met()
    {
        var pair = WebhookSecret.Parse("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==");

        var signature = WebhookSigner.Standard(pair, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));

        Assert.Equal("v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==", signature);
        Assert.Equal((SignatureType.Ed25519, "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="), (pair.Type, pair.PublicKey));
        Assert.Null(WebhookSigner.Hex(pair, "body"u8));
        var fresh = WebhookSecret.New(SignatureType.Ed25519);
        Assert.Equal(fresh.PublicKey, WebhookSecret.Parse(fresh.Text).PublicKey);
    }

    // HMAC_SHA256("key", "The quick brown fox jumps over the lazy dog"), a vector known everywhere, with a key of the length that we take.
    [Fact]
    public void The_hex_signature_is_keyed_with_the_whole_text() => Assert.Equal(
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("whsec_c2VjcmV0c2VjcmV0c2VjcmV0"u8, "body"u8)),
        WebhookSigner.Hex(WebhookSecret.Parse("whsec_c2VjcmV0c2VjcmV0c2VjcmV0"), "body"u8));

    [Theory]
    [InlineData("short")]
    [InlineData("with spaces in the middle")]
    [InlineData("whsec_not!base64!at!all!")]
    [InlineData("whsec_AAAA1234")]
    [InlineData("whsk_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6KvA==")]
    public void Secrets_that_could_not_be_used_are_refused(string text) => Assert.NotNull(WebhookSecret.WhyNot(text));

    [Fact]
    public void A_secret_without_the_prefix_keys_with_its_bytes()
    {
        var secret = WebhookSecret.Parse("your-webhook-secret");

        Assert.Equal(secret.TextKey, secret.StandardKey);
        Assert.Null(WebhookSecret.WhyNot(WebhookSecret.New().Text));
    }

    [Fact]
    public void The_body_carries_the_data_byte_for_byte()
    {
        var data = """{"b":1.0, "a":1e3,"text":"\u0000é"}"""u8;

        var body = WebhookBody.Build("evt_1", "contact.created", "CONTACT_CREATED", new DateTimeOffset(2026, 11, 20, 12, 30, 0, TimeSpan.FromHours(2)), data);

        Assert.Equal(
            """{"id":"evt_1","type":"contact.created","event":"CONTACT_CREATED","timestamp":"2026-11-20T10:30:00.000Z","data":{"b":1.0, "a":1e3,"text":"\u0000é"}}""",
            Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void An_alias_comes_back_as_it_was_subscribed_to()
    {
        var subscriptions = new Subscriptions(["CONTACT_CREATED", "invoice.*"]);

        Assert.Equal("CONTACT_CREATED", subscriptions.NameFor("contact.created"));
        Assert.Equal("invoice.paid", subscriptions.NameFor("invoice.paid"));
        Assert.False(subscriptions.Match("contact.updated"));
    }

    [Theory]
    [InlineData(1, null, 0, 2.0)]
    [InlineData(4, null, 0, 16.0)]
    [InlineData(5, null, 0, null)]
    [InlineData(1, null, 1, 2.2)]
    [InlineData(1, 30, 0, 30.0)]
    [InlineData(1, 1, 0, 2.0)]
    [InlineData(1, 1_000_000, 0, 86_400.0)]
    public void The_plan_waits_as_documented_and_jitter_only_lengthens(int tries, int? retryAfter, double jitter, double? seconds)
    {
        var delay = RetryPlan.NextDelay(WebhookOptions.StandardRetryDelays, tries, retryAfter is { } wait ? TimeSpan.FromSeconds(wait) : null, jitter);

        Assert.Equal(seconds, delay?.TotalSeconds);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("content-type")]
    [InlineData("Transfer-Encoding")]
    [InlineData("webhook-id")]
    [InlineData("X-Webhook-Event")]
    [InlineData("bad name")]
    public void Headers_that_are_not_the_endpoints_to_set_are_refused(string name)
    {
        Faults faults = new();

        WebhookHeaders.Check(new Dictionary<string, string> { [name] = "value" }, faults);

        Assert.True(faults.Any);
    }
}

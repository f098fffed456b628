using System.Globalization;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox.Webhooks;
using Integrations.Testing;
using Integrations.Web.Help;
using Integrations.Web.Tests.Webhooks;

namespace Integrations.Web.Tests.Help;

/// <summary>The programs that the help shows to receivers, run against real deliveries.</summary>
public sealed class VerifySampleTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private const string Other = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private const string Data = """{"name":"Grüße, 世界 🌍\u0000","number":1.0}""";

    [Theory, InLanguage("C#"), InLanguage("Node"), InLanguage("Python"), InLanguage("Go")]
    public async Task A_genuine_delivery_is_accepted_and_nothing_else(string language)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var secret = (await world.CreateAsync()).String("webhook.secret");
        await world.PublishAsync(data: Data);
        var request = Assert.Single(await world.ReceivedAsync(1));
        await using var sample = await SampleVerifier.StartAsync(language, WebhookOptions.DefaultSignatureHeader);
        var headers = Headers(request);
        var changed = request.Body.ToArray();
        changed[^2] ^= 1;

        foreach (var hex in (bool[])[false, true])
        {
            var signature = hex ? WebhookOptions.DefaultSignatureHeader : WebhookHeaders.Signature;
            Assert.True(await sample.AcceptsAsync(hex, headers, request.Body, secret));
            Assert.False(await sample.AcceptsAsync(hex, headers, changed, secret));
            Assert.False(await sample.AcceptsAsync(hex, headers, request.Body, Other));
            Assert.False(await sample.AcceptsAsync(hex, new Dictionary<string, string>(), request.Body, secret));
            Assert.False(await sample.AcceptsAsync(hex, With(headers, signature, ""), request.Body, secret));
            Assert.False(await sample.AcceptsAsync(hex, With(headers, signature, headers[signature][..^1]), request.Body, secret));
            Assert.False(await sample.AcceptsAsync(hex, With(headers, signature, "v1,ä"), request.Body, secret));
        }

        Assert.False(await sample.AcceptsAsync(false, With(headers, WebhookHeaders.Id, "evt_other"), request.Body, secret));
        foreach (var malformed in (string[])["", "soon", "-1", "1e9", "99999999999999999999999"])
        {
            Assert.False(await sample.AcceptsAsync(false, With(headers, WebhookHeaders.Timestamp, malformed), request.Body, secret));
        }
    }

    [Theory, InLanguage("C#"), InLanguage("Node"), InLanguage("Python"), InLanguage("Go")]
    public async Task A_signature_holds_for_five_minutes_to_either_side(string language)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var secret = (await world.CreateAsync()).String("webhook.secret");
        await world.PublishAsync();
        var request = Assert.Single(await world.ReceivedAsync(1));
        await using var sample = await SampleVerifier.StartAsync(language, WebhookOptions.DefaultSignatureHeader);
        var signed = long.Parse(request.Header(WebhookHeaders.Timestamp)!, CultureInfo.InvariantCulture);

        Task<bool> AcceptsAsync(int seconds)
        {
            // The same delivery, rightly signed at another time.
            var headers = With(Headers(request), WebhookHeaders.Timestamp, (signed + seconds).ToString(CultureInfo.InvariantCulture));
            return sample.AcceptsAsync(
                false,
                With(headers, WebhookHeaders.Signature, WebhookSigner.Standard(WebhookSecret.Parse(secret), request.Header(WebhookHeaders.Id)!, signed + seconds, request.Body.Span)),
                request.Body,
                secret);
        }

        Assert.True(await AcceptsAsync(0));
        Assert.True(await AcceptsAsync(-200));
        Assert.True(await AcceptsAsync(240));
        Assert.False(await AcceptsAsync(-301));
        Assert.False(await AcceptsAsync(600));
    }

    [Theory, InLanguage("C#"), InLanguage("Node"), InLanguage("Python"), InLanguage("Go")]
    public async Task While_a_secret_is_changed_the_old_and_the_new_one_are_accepted(string language)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var created = await world.CreateAsync();
        var (webhook, before) = (created.String("webhook.id"), created.String("webhook.secret"));
        await using var sample = await SampleVerifier.StartAsync(language, WebhookOptions.DefaultSignatureHeader);

        async Task AssertAcceptedAsync(ReceivedRequest request, string secret, bool accepted)
        {
            Assert.Equal(accepted, await sample.AcceptsAsync(false, Headers(request), request.Body, secret));
            Assert.Equal(accepted, await sample.AcceptsAsync(true, Headers(request), request.Body, secret));
        }

        var after = (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/rotate-secret")).String("secret");
        await world.PublishAsync();
        var during = (await world.ReceivedAsync(1))[^1];
        Assert.NotNull(during.Header(WebhookHeaders.NextSignature));
        await AssertAcceptedAsync(during, before, accepted: true);
        await AssertAcceptedAsync(during, after, accepted: true);
        await AssertAcceptedAsync(during, Other, accepted: false);

        await world.Client.DeleteApiAsync($"/api/webhooks/{webhook}/previous-secret");
        await world.PublishAsync();
        var ended = (await world.ReceivedAsync(2))[^1];
        Assert.Null(ended.Header(WebhookHeaders.NextSignature));
        await AssertAcceptedAsync(ended, after, accepted: true);
        await AssertAcceptedAsync(ended, before, accepted: false);
    }

    [Theory, InLanguage("C#"), InLanguage("Node"), InLanguage("Python"), InLanguage("Go")]
    public async Task Secrets_and_header_names_of_the_receivers_own_work(string language)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        // The C# sample is compiled as it lies in its folder, so only the others can be asked for another header.
        var header = language == VerifySample.CSharp.Language ? WebhookOptions.DefaultSignatureHeader : "X-Invoicy-Signature";
        await using var sample = await SampleVerifier.StartAsync(language, header);
        // One without the prefix, and one whose base64 lacks its padding.
        foreach (var secret in (string[])["my-own-plain-secret-42", Other.TrimEnd('=')])
        {
            await world.CreateAsync(new Dictionary<string, object?>
            {
                ["secret"] = secret,
                ["signatureHeader"] = header,
                ["url"] = world.Sandbox.ReceiveUrl(secret[..5]),
            });
            await world.PublishAsync();
            var request = (await world.Receiver.WaitForAsync(secret[..5], 1, TimeSpan.FromSeconds(60)))[0];
            Assert.True(await sample.AcceptsAsync(false, Headers(request), request.Body, secret));
            Assert.True(await sample.AcceptsAsync(true, Headers(request), request.Body, secret));
        }
    }

    [Theory, InLanguage("C#"), InLanguage("Node"), InLanguage("Python"), InLanguage("Go")]
    public async Task What_a_key_pair_signs_is_accepted_by_its_public_key_and_nothing_else(string language)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var created = await world.CreateAsync(new Dictionary<string, object?> { ["signatureType"] = "ed25519" });
        var (path, key) = ($"/api/webhooks/{created.String("webhook.id")}", created.String("webhook.publicKey"));
        await world.PublishAsync(data: Data);
        var request = Assert.Single(await world.ReceivedAsync(1));
        await using var sample = await SampleVerifier.StartKeyPairAsync(language);
        var headers = Headers(request);
        var changed = request.Body.ToArray();
        changed[^2] ^= 1;

        Assert.True(await sample.AcceptsAsync(false, headers, request.Body, key));
        Assert.False(await sample.AcceptsAsync(false, headers, changed, key));
        Assert.False(await sample.AcceptsAsync(false, headers, request.Body, WebhookSecret.New(SignatureType.Ed25519).PublicKey!));
        Assert.False(await sample.AcceptsAsync(false, new Dictionary<string, string>(), request.Body, key));
        Assert.False(await sample.AcceptsAsync(false, With(headers, WebhookHeaders.Signature, "v1a,AAAA v1,AAAA v1a,! v1a,ä"), request.Body, key));
        Assert.False(await sample.AcceptsAsync(false, With(headers, WebhookHeaders.Id, "evt_other"), request.Body, key));
        Assert.False(await sample.AcceptsAsync(false, With(headers, WebhookHeaders.Timestamp, "1600000000"), request.Body, key));

        var next = (await world.Client.PostApiAsync($"{path}/rotate-secret")).String("publicKey");
        await world.PublishAsync();
        var during = (await world.ReceivedAsync(2))[^1];
        Assert.NotEqual(key, next);
        Assert.True(await sample.AcceptsAsync(false, Headers(during), during.Body, key));
        Assert.True(await sample.AcceptsAsync(false, Headers(during), during.Body, next));
    }

    [Fact]
    public void What_is_shown_is_what_was_compiled_and_another_header_stands_in_the_place_of_its_name()
    {
        Assert.Equal(File.ReadAllText(RepositoryFiles.Path("Integrations.Web", "Help", "Samples", VerifySample.CSharp.File)).TrimEnd(), VerifySample.CSharp.Code());
        Assert.All(VerifySample.All, sample =>
        {
            var text = sample.Code("X-Own");
            Assert.Equal(1, text.Split("X-Own", StringSplitOptions.None).Length - 1 + (text.Split("x-own", StringSplitOptions.None).Length - 1));
            Assert.Contains(WebhookHeaders.NextSignature, text, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(sample.Code(), text.Replace("X-Own", WebhookOptions.DefaultSignatureHeader, StringComparison.Ordinal)
                .Replace("x-own", WebhookOptions.DefaultSignatureHeader.ToLowerInvariant(), StringComparison.Ordinal));
        });
    }

    private static Dictionary<string, string> Headers(ReceivedRequest request) => request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string> With(Dictionary<string, string> headers, string name, string value) => new(headers, StringComparer.OrdinalIgnoreCase) { [name] = value };
}

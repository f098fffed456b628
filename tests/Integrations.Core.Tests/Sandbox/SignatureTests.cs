using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Integrations.Sandbox;
using Integrations.Sandbox.Webhooks;
using Integrations.Testing;

namespace Integrations.Core.Tests.Sandbox;

public sealed class SignatureTests : IAsyncLifetime
{
    // The example of the Standard Webhooks specification's reference libraries, which fixes the outcome from outside.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = """{"test": 2432232314}""";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;
    private const string Standard = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    // openssl dgst -sha256 -hmac "$Secret" over the body.
    private const string Hex = "80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c";

    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeSeconds(Timestamp));
    private readonly HttpClient _client = new();
    private SandboxHost _sandbox = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = _clock });
        _sandbox.Receiver.ExpectSecret("orders", Secret);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Both_signatures_of_a_genuine_webhook_are_valid()
    {
        var received = await ReceiveAsync(Body);

        Assert.True(received.HexValid);
        Assert.True(received.StandardValid);
    }

    [Fact]
    public async Task A_changed_body_is_not()
    {
        var received = await ReceiveAsync(Body + " ");

        Assert.False(received.HexValid);
        Assert.False(received.StandardValid);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public async Task An_old_or_early_timestamp_is_not_accepted(int seconds, bool valid)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = new FakeClock(DateTimeOffset.FromUnixTimeSeconds(Timestamp + seconds)) });
        sandbox.Receiver.ExpectSecret("orders", Secret);

        Assert.Equal(valid, (await ReceiveAsync(Body, sandbox)).StandardValid);
    }

    [Fact]
    public async Task One_of_several_signatures_is_enough()
    {
        var received = await ReceiveAsync(Body, standard: "v1,AAAA v1a,BBBB " + Standard);

        Assert.True(received.StandardValid);
        Assert.False(received.IsSignedInStandardWith("whsec_" + Convert.ToBase64String(new byte[24])));
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_claimed()
    {
        _sandbox.Receiver.ExpectSecret("orders", null);

        var received = await ReceiveAsync(Body);

        Assert.Null(received.HexValid);
        Assert.Null(received.StandardValid);
    }

    [NpmFact]
    public async Task The_libraries_from_npm_agree_with_the_receiver()
    {
        await using var verifier = NpmVerifier.Start();
        var genuine = Signed(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var tampered = genuine.Select(header => header.Key == "webhook-id" ? KeyValuePair.Create(header.Key, "msg_other") : header);

        Assert.Equal(new NpmVerdict(true, true), await verifier.VerifyAsync(Secret, genuine, Encoding.UTF8.GetBytes(Body)));
        Assert.Equal(new NpmVerdict(false, false), await verifier.VerifyAsync(Secret, tampered, Encoding.UTF8.GetBytes(Body)));
    }

    private static List<KeyValuePair<string, string>> Signed(long timestamp)
    {
        var seconds = timestamp.ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{seconds}.{Body}"));
        return
        [
            KeyValuePair.Create("webhook-id", Id),
            KeyValuePair.Create("webhook-timestamp", seconds),
            KeyValuePair.Create("webhook-signature", "v1," + Convert.ToBase64String(signature)),
        ];
    }

    private async Task<ReceivedRequest> ReceiveAsync(string body, SandboxHost? sandbox = null, string standard = Standard)
    {
        sandbox ??= _sandbox;
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.ReceiveUrl("orders"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Headers.Add(WebhookSignatures.HexHeader, Hex);
        request.Headers.Add("webhook-id", Id);
        request.Headers.Add("webhook-timestamp", Timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", standard);
        await _client.SendAsync(request);
        return sandbox.Receiver.Received("orders")[^1];
    }
}

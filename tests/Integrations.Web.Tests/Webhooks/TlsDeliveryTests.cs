using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>Deliveries over TLS and HTTP/2, to a receiver whose certificate the hub's machine trusts.</summary>
public sealed class TlsDeliveryTests
{
    [Fact]
    public async Task A_try_over_TLS_tells_how_long_it_took_and_the_next_one_that_it_used_the_same_connection()
    {
        using TempDirectory directory = new();
        using var certificate = Certificate();
        await File.WriteAllTextAsync(directory.File("trusted.pem"), certificate.ExportCertificatePem());
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Certificate = certificate });
        var settings = await NeverLostTests.SettingsAsync(DatabaseProvider.Sqlite, directory);
        // What OpenSSL takes for the machine's own list.
        settings["SSL_CERT_FILE"] = directory.File("trusted.pem");
        await using var hub = HubProcess.Start(settings);
        using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
        var webhook = (await client.PostApiAsync("/api/webhooks", new { url = sandbox.ReceiveUrl("a"), events = (string[])["*"] })).String("webhook.id");

        var first = await AttemptAsync(client, webhook);
        var second = await AttemptAsync(client, webhook);

        var address = $"127.0.0.1:{sandbox.Address.Port}";
        Assert.Equal(("delivered", address, false), (Outcome(first), first.GetProperty("remoteAddress").GetString(), IsReused(first)));
        Assert.True(Milliseconds(first, "connect").GetDouble() > 0 && Milliseconds(first, "tls").GetDouble() > 0);
        Assert.Equal(("delivered", address, true), (Outcome(second), second.GetProperty("remoteAddress").GetString(), IsReused(second)));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (Milliseconds(second, "connect").ValueKind, Milliseconds(second, "tls").ValueKind));
    }

    private static string? Outcome(JsonElement attempt) => attempt.GetProperty("outcome").GetString();

    private static bool IsReused(JsonElement attempt) => Milliseconds(attempt, "connectionReused").GetBoolean();

    private static JsonElement Milliseconds(JsonElement attempt, string part) => attempt.GetProperty("milliseconds").GetProperty(part);

    // A test sends and waits.
    private static async Task<JsonElement> AttemptAsync(HttpClient client, string webhook)
    {
        var sent = await client.PostApiAsync($"/api/webhooks/{webhook}/test");
        var delivery = await client.GetApiAsync($"/api/webhooks/{webhook}/deliveries/{sent.String("delivery.id")}");
        return Assert.Single(delivery["delivery.attempts"].EnumerateArray());
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}

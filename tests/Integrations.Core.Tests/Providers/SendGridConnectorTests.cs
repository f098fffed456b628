using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Connectors;

namespace Integrations.Core.Tests.Providers;

public sealed class SendGridConnectorTests
{
    private static readonly SendGridConnector _connector = new();
    private static readonly Dictionary<string, string> _key = new(StringComparer.Ordinal) { ["apiKey"] = "SG.key" };

    [Fact]
    public async Task An_email_is_sent_from_the_connections_sender_unless_another_is_given()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("POST /v3/mail/send", new StubAnswer(202, "", "X-Message-Id: message-1"));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));
        var session = harness.Session(_connector, AuthMode.ApiKey, _key, settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["senderEmail"] = "shop@example.com" });

        var answer = await _connector.RunActionAsync(session, "send-email", Email(), CancellationToken.None);
        await _connector.RunActionAsync(session, "send-email", Email(("from", "boss@example.com"), ("cc", "bob@example.com, cid@example.com")), CancellationToken.None);

        Assert.Equal("message-1", answer.Id);
        var sent = stub.Requests.Select(request => JsonDocument.Parse(request.Text).RootElement).ToList();
        Assert.Equal(["shop@example.com", "boss@example.com"], sent.Select(mail => mail.TextAt("from", "email")));
        Assert.Equal("ann@example.com", sent[0].ItemsAt("personalizations").Single().ItemsAt("to").Single().TextAt("email"));
        Assert.Null(sent[0].ItemsAt("personalizations").Single().At("cc"));
        Assert.Equal(["bob@example.com", "cid@example.com"], sent[1].ItemsAt("personalizations").Single().ItemsAt("cc").Select(copy => copy.TextAt("email")));
        Assert.Equal(("Hello", "Long\ntext"), (sent[0].TextAt("subject"), sent[0].ItemsAt("content").Single().TextAt("value")));
        Assert.Equal("Bearer SG.key", stub.Requests[0]["Authorization"]);
    }

    [Theory]
    [InlineData("to", "ann@example.com", "SendGrid needs a verified sender: give one, or set the connection's sender.")]
    [InlineData("from", "a@example.com, b@example.com", "SendGrid takes one sender.")]
    [InlineData("from", "nobody", "\"nobody\" is not an e-mail address.")]
    public async Task Without_one_good_sender_nothing_is_sent(string field, string value, string expected)
    {
        await using var stub = await ProviderStub.StartAsync();
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));
        ActionInput input = new(new Dictionary<string, string>(Email().Values, StringComparer.Ordinal) { [field] = value });

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.RunActionAsync(harness.Session(_connector, AuthMode.ApiKey, _key), "send-email", input, CancellationToken.None));

        Assert.Equal((ProviderFaultKind.Refused, expected), (fault.Kind, fault.Message));
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task What_is_wrong_is_told_in_the_providers_words_all_of_them()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /v3/scopes", new StubAnswer(401, """{"errors":[{"field":null,"message":"authorization required"},{"message":"Try again."}]}"""));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key), CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Unauthorized, fault.Kind);
        Assert.Equal("SendGrid answered 401: authorization required Try again.", fault.Message);
    }

    [Fact]
    public async Task The_moment_at_which_the_limit_ends_is_read_as_a_wait_and_the_rest_as_a_quota()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /v3/scopes", new StubAnswer(
            429, """{"errors":[{"message":"too many requests"}]}""",
            "Date: Mon, 05 Jan 2026 09:00:00 GMT", "X-RateLimit-Limit: 600", "X-RateLimit-Remaining: 0", $"X-RateLimit-Reset: {new DateTimeOffset(2026, 1, 5, 9, 0, 40, TimeSpan.Zero).ToUnixTimeSeconds()}"));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key), CancellationToken.None));

        Assert.Equal((ProviderFaultKind.RateLimited, TimeSpan.FromSeconds(40)), (fault.Kind, fault.RetryAfter));
        Assert.Equal(new ProviderQuota("requests", 0, 600), Assert.Single(Assert.Single(harness.Calls).Quotas));
    }

    [Fact]
    public async Task Lists_can_be_chosen_by_name_and_senders_are_typed()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /v3/marketing/lists", """{"result":[{"id":"ca3a5b4e-0000-4000-8000-000000000001","name":"Customers","contact_count":3}],"_metadata":{}}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));
        var session = harness.Session(_connector, AuthMode.ApiKey, _key);

        Assert.Equal([new SettingChoice("ca3a5b4e-0000-4000-8000-000000000001", "Customers")], await _connector.ListChoicesAsync(session, "listId", CancellationToken.None));
        Assert.Empty(await _connector.ListChoicesAsync(session, "senderEmail", CancellationToken.None));
    }

    private static ActionInput Email(params (string Name, string Value)[] more) => new(
        new (string Name, string Value)[] { ("to", "ann@example.com"), ("subject", "Hello"), ("text", "Long\ntext") }.Concat(more).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
}

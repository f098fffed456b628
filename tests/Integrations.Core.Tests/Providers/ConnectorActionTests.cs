using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

/// <summary>What actions send, to the letter where the provider is particular about it.</summary>
public sealed class ConnectorActionTests : IAsyncLifetime
{
    private ProviderStub _stub = null!;
    private ProviderHarness? _harness;

    public async Task InitializeAsync() => _stub = await ProviderStub.StartAsync();

    public async Task DisposeAsync()
    {
        _harness?.Dispose();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task A_message_goes_to_the_connections_channel_when_none_is_named()
    {
        _stub.Answer("POST /api/chat.postMessage", """{"ok":true,"ts":"1767603600.000001"}""");

        var answer = await RunAsync("slack", "send-message", Values(("text", "Grüße"), ("threadTs", "1767603600.000000")), settings: Values(("defaultChannel", "C0123456789")));

        Assert.Equal("1767603600.000001", answer.Id);
        var request = Assert.Single(_stub.Requests);
        Assert.Equal("application/json; charset=utf-8", request["Content-Type"]);
        Assert.Equal(
            Values(("channel", "C0123456789"), ("text", "Grüße"), ("thread_ts", "1767603600.000000")),
            JsonSerializer.Deserialize<Dictionary<string, string>>(request.Body));
    }

    [Fact]
    public async Task A_message_without_a_channel_is_not_sent()
    {
        var fault = await Assert.ThrowsAsync<ProviderFault>(() => RunAsync("slack", "send-message", Values(("text", "Hello"))));

        Assert.Equal(ProviderFaultKind.Refused, fault.Kind);
        Assert.Empty(_stub.Requests);
    }

    [Fact]
    public async Task What_Slack_cannot_do_is_said_in_words()
    {
        _stub.Answer("POST /api/chat.postMessage", """{"ok":false,"error":"not_in_channel"}""");

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => RunAsync("slack", "send-message", Values(("channel", "C0123456789"), ("text", "Hello"))));

        Assert.Equal("Slack answered 200: the app is not in this channel; invite it there first (not_in_channel)", fault.Message);
    }

    [Fact]
    public async Task An_email_is_sent_as_it_was_written()
    {
        _stub.Answer("POST /gmail/v1/users/me/messages/send", """{"id":"18c1"}""");

        var answer = await RunAsync("gmail", "send-email", Values(("to", "a@example.com, b@example.com"), ("bcc", "c@example.com"), ("subject", "Hello"), ("text", "One\nTwo")), facts: Values(("email", "hub@example.com")));

        Assert.Equal("18c1", answer.Id);
        using var body = JsonDocument.Parse(Assert.Single(_stub.Requests).Body);
        Assert.StartsWith(
            "From: hub@example.com\r\nTo: a@example.com,\r\n b@example.com\r\nBcc: c@example.com\r\nSubject: Hello\r\n",
            Encoding.ASCII.GetString(Base64Url.DecodeFromChars(body.RootElement.GetProperty("raw").GetString())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("to", "a@example.com\r\nBcc: evil@example.com")]
    [InlineData("to", "nobody")]
    [InlineData("cc", "a@example.com, b")]
    public async Task An_email_to_no_address_is_not_sent(string field, string value)
    {
        var fault = await Assert.ThrowsAsync<ProviderFault>(() => RunAsync("gmail", "send-email", Values([.. new[] { ("to", "a@example.com"), ("subject", "x"), ("text", "x") }.Where(pair => pair.Item1 != field), (field, value)])));

        Assert.Equal(ProviderFaultKind.Refused, fault.Kind);
        Assert.Empty(_stub.Requests);
    }

    [Fact]
    public async Task An_email_that_may_have_been_sent_is_not_sent_again()
    {
        _stub.Answer("POST /gmail/v1/users/me/messages/send", new StubAnswer(503));

        await Assert.ThrowsAsync<ProviderFault>(() => RunAsync("gmail", "send-email", Values(("to", "a@example.com"), ("subject", "x"), ("text", "x"))));

        Assert.Single(_stub.Requests);
    }

    [Fact]
    public async Task A_file_goes_to_Dropbox_with_its_path_in_ascii()
    {
        _stub.Answer("POST /2/files/upload", """{"id":"id:1","path_display":"/Exports/Übersicht.csv"}""");

        var answer = await RunAsync("dropbox", "upload-file", Values(("name", "a/Übersicht \u007f.csv")), settings: Values(("folder", "/Exports")), file: new ActionFile("x.csv", "text/csv", "a;b"u8.ToArray()));

        Assert.Equal("/Exports/Übersicht.csv was saved in Dropbox.", answer.Message);
        var request = Assert.Single(_stub.Requests);
        Assert.Equal("""{"path":"/Exports/a-\u00DCbersicht \u007F.csv","mode":"add","autorename":true,"mute":false}""", request["Dropbox-API-Arg"]);
        Assert.Equal(("application/octet-stream", "a;b"), (request["Content-Type"], request.Text));
    }

    [Fact]
    public async Task A_file_goes_to_Google_Drive_in_two_parts()
    {
        _stub.Answer("POST /upload/drive/v3/files", """{"id":"1abc","name":"Übersicht.csv","webViewLink":"https://drive.google.com/file/d/1abc/view"}""");

        var answer = await RunAsync("google-drive", "upload-file", Values(("name", "Übersicht.csv")), file: new ActionFile("x.csv", "text/csv", "a;b"u8.ToArray()));

        Assert.Equal(("1abc", "https://drive.google.com/file/d/1abc/view"), (answer.Id, answer.Url));
        var request = Assert.Single(_stub.Requests);
        Assert.StartsWith("multipart/related; boundary=", request["Content-Type"], StringComparison.Ordinal);
        Assert.Matches("(?s)^--[^\r]+\r\nContent-Type: application/json; charset=utf-8\r\n\r\n.*\"parents\":\\[\"root\"\\].*\r\n--[^\r]+\r\nContent-Type: text/csv\r\n\r\na;b\r\n--[^\r]+--\r\n$", request.Text);
    }

    private Task<ActionAnswer> RunAsync(
        string key, string action, Dictionary<string, string> values, Dictionary<string, string>? facts = null, Dictionary<string, string>? settings = null, ActionFile? file = null)
    {
        var connector = ConnectorCatalog.FromAssembly().Find(key)!;
        _harness = new ProviderHarness(ProviderHarness.PointAt(connector, _stub.Url));
        return connector.RunActionAsync(_harness.Session(connector, "token", facts, settings), action, new ActionInput(values, file), CancellationToken.None);
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
}

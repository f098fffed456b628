using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>A file is written into a folder, written again, and may be large.</summary>
public sealed class DataUploadTests : SandboxTest
{
    [Fact]
    public async Task Drive_takes_a_large_file_in_parts_and_replaces_it()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "google-drive");
        var content = new byte[700_000];
        Random.Shared.NextBytes(content);
        using var begin = await client.SendAsync("POST", "/upload/drive/v3/files?uploadType=resumable", Json("""{"name":"contacts.csv","parents":["root"]}"""), ("X-Upload-Content-Type", "text/csv"));
        var session = begin.Headers.Location!.ToString();
        using var first = await client.SendAsync("PUT", session, Part(content, 0, 524_288));
        Assert.Equal((308, "bytes=0-524287"), ((int)first.StatusCode, first.Headers.GetValues("Range").Single()));
        using var last = await client.SendAsync("PUT", session, Part(content, 524_288, content.Length));
        var id = JsonSerializer.Deserialize<JsonElement>(await last.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        Assert.Equal(content, Sandbox.Provider("google-drive").Sent[^1].Content.ToArray());

        for (var i = 0; i < 2; i++)
        {
            using var csv = new StringContent($"a,b\r\n{i}", Encoding.UTF8, "text/csv");
            using var replaced = await client.SendAsync("PATCH", $"/upload/drive/v3/files/{id}?uploadType=media", csv);
            Assert.Equal(200, (int)replaced.StatusCode);
        }

        Assert.Equal("a,b\r\n1", Encoding.UTF8.GetString(Sandbox.Provider("google-drive").Sent[^1].Content.Span));
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task Dropbox_takes_a_large_file_in_parts_and_overwrites_it()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "dropbox");
        var url = Sandbox.HubSettings["Providers:dropbox:Urls:content"] + "/2/files/";
        var id = (await BytesAsync(client, url + "upload_session/start", """{"close":false}""", "one")).GetProperty("session_id").GetString();
        await BytesAsync(client, url + "upload_session/append_v2", $$"""{"cursor":{"session_id":"{{id}}","offset":3},"close":false}""", "two");
        var cursor = $$"""{"session_id":"{{id}}","offset":6}""";
        var file = await BytesAsync(client, url + "upload_session/finish", $$"""{"cursor":{{cursor}},"commit":{"path":"/Exports/contacts.csv","mode":"overwrite"} }""", "");
        var again = await BytesAsync(client, url + "upload", """{"path":"/Exports/contacts.csv","mode":"overwrite"}""", "three");

        Assert.Equal(file.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Equal(["onetwo", "three"], Sandbox.Provider("dropbox").Sent.Select(item => Encoding.UTF8.GetString(item.Content.Span)));
        Sandbox.AssertNoViolations();
    }

    private static async Task<JsonElement> BytesAsync(DataClient client, string url, string arguments, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await client.SendAsync("POST", url, content, ("Dropbox-API-Arg", arguments));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static ByteArrayContent Part(byte[] content, int from, int to)
    {
        var part = new ByteArrayContent(content, from, to - from);
        part.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, content.Length);
        return part;
    }
}

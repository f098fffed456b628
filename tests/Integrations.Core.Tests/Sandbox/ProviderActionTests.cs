using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

/// <summary>Pickers and actions: what is sent is kept for the test to read, and what is wrong is refused.</summary>
public sealed class ProviderActionTests : SandboxTest
{
    [Fact]
    public async Task Slack_lists_channels_page_by_page_and_posts_where_the_app_is()
    {
        using var walk = Walk("slack");
        await walk.ConnectAsync();
        var api = walk.Setting("ApiBaseUrl");
        var (_, page) = await walk.CallAsync("GET", api + "/conversations.list?limit=2&exclude_archived=true");
        var cursor = page.GetProperty("response_metadata").GetProperty("next_cursor").GetString()!;
        Assert.NotEmpty(cursor);
        var (_, next) = await walk.CallAsync("GET", $"{api}/conversations.list?limit=2&exclude_archived=true&cursor={Uri.EscapeDataString(cursor)}");
        Assert.NotEqual(page.GetProperty("channels")[0].GetProperty("id").GetString(), next.GetProperty("channels")[0].GetProperty("id").GetString());

        var general = page.GetProperty("channels")[0].GetProperty("id").GetString();
        var (_, posted) = await walk.CallAsync("POST", api + "/chat.postMessage", JsonContent.Create(new { channel = general, text = "Paid: invoice-123" }));
        Assert.True(posted.GetProperty("ok").GetBoolean());
        var sent = Assert.Single(Sandbox.Provider("slack").Sent);
        Assert.Equal(("chat.postMessage", "general", "Paid: invoice-123"), (sent.Action, sent.Values["channel_name"], Encoding.UTF8.GetString(sent.Content.Span)));

        Assert.Equal("not_in_channel", (await walk.CallAsync("POST", api + "/chat.postMessage", JsonContent.Create(new { channel = "#random", text = "x" }))).Body.GetProperty("error").GetString());
        Sandbox.AssertNoViolations();
        Assert.Equal("no_text", (await walk.CallAsync("POST", api + "/chat.postMessage", JsonContent.Create(new { channel = general }))).Body.GetProperty("error").GetString());
        Assert.Equal("missing_scope", (await walk.CallAsync("GET", api + "/conversations.list?types=private_channel")).Body.GetProperty("error").GetString());
        Assert.Equal(2, Sandbox.Violations.Count);
    }

    [Fact]
    public async Task Gmail_sends_what_is_base64url_and_has_a_recipient()
    {
        using var walk = await Walk("gmail").ConnectAsync();
        var send = walk.Setting("ApiBaseUrl") + "/gmail/v1/users/me/messages/send";
        const string mail = "To: mei@example.com\r\nSubject: Paid\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThank you.";

        var (_, answer) = await walk.CallAsync("POST", send, JsonContent.Create(new { raw = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(mail)) }));
        Assert.NotEmpty(answer.GetProperty("id").GetString()!);
        var sent = Assert.Single(Sandbox.Provider("gmail").Sent);
        Assert.Equal(("mei@example.com", "Paid"), (sent.Values["to"], sent.Values["subject"]));

        Assert.Equal(400, (int)(await walk.CallAsync("POST", send, JsonContent.Create(new { raw = Convert.ToBase64String(Encoding.UTF8.GetBytes(mail + "??>>")) }))).Response.StatusCode);
        Assert.Equal(400, (int)(await walk.CallAsync("POST", send, JsonContent.Create(new { raw = Base64Url.EncodeToString("Subject: x\r\n\r\n"u8) }))).Response.StatusCode);
        Assert.Equal(2, Sandbox.Violations.Count);
    }

    [Fact]
    public async Task Gmail_shows_no_profile_to_an_app_that_may_only_send()
    {
        using var walk = Walk("gmail");
        await walk.ConsentAsync(walk.AuthorizationUrl(scope: "https://www.googleapis.com/auth/gmail.send"));
        walk.Keep((await walk.TradeAsync()).Body);

        Assert.False(await walk.TestAsync());
        AssertRefused("gmail", "the token has none of the scopes");
    }

    [Fact]
    public async Task SendGrid_sends_a_whole_mail_from_a_verified_address()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SandboxKeys.SendGrid);
        var send = new Uri(Sandbox.HubSettings["Providers:sendgrid:ApiBaseUrl"] + "/v3/mail/send");
        object Mail(string from, string subject) => new
        {
            personalizations = new[] { new { to = new[] { new { email = "mei@example.com" } } } },
            from = new { email = from },
            subject,
            content = new[] { new { type = "text/plain", value = "Thank you." } },
        };

        Assert.Equal(202, (int)(await client.PostAsJsonAsync(send, Mail("shop@example.com", "Paid"))).StatusCode);
        var sent = Assert.Single(Sandbox.Provider("sendgrid").Sent);
        Assert.Equal(("shop@example.com", "mei@example.com", "Paid"), (sent.Values["from"], sent.Values["to"], sent.Values["subject"]));
        Assert.Equal(403, (int)(await client.PostAsJsonAsync(send, Mail("shop@unverified.org", "Paid"))).StatusCode);
        Sandbox.AssertNoViolations();

        Assert.Equal(400, (int)(await client.PostAsJsonAsync(send, Mail("shop@example.com", ""))).StatusCode);
        AssertRefused("sendgrid", "The subject is required");
    }

    [Fact]
    public async Task Drive_shows_folders_takes_a_multipart_upload_and_only_the_fields_asked_for()
    {
        using var walk = await Walk("google-drive").ConnectAsync();
        var api = walk.Setting("ApiBaseUrl");
        const string folders = "mimeType='application/vnd.google-apps.folder' and trashed=false and 'root' in parents";
        var (_, list) = await walk.CallAsync("GET", $"{api}/drive/v3/files?q={Uri.EscapeDataString(folders)}&pageSize=2&fields=nextPageToken,files(id,name)");
        Assert.Equal(["id", "name"], list.GetProperty("files")[0].EnumerateObject().Select(property => property.Name));
        Assert.True(list.TryGetProperty("nextPageToken", out _));
        var folder = list.GetProperty("files")[0].GetProperty("id").GetString()!;
        var (_, silent) = await walk.CallAsync("GET", $"{api}/drive/v3/files?pageSize=2&fields=files(id)");
        Assert.False(silent.TryGetProperty("nextPageToken", out _));

        var (uploaded, file) = await walk.CallAsync("POST", api + "/upload/drive/v3/files?uploadType=multipart", Related(folder, "a,b\n1,2\n"));
        Assert.Equal(200, (int)uploaded.StatusCode);
        var sent = Assert.Single(Sandbox.Provider("google-drive").Sent);
        Assert.Equal(("report.csv", folder, "a,b\n1,2\n"), (sent.Values["name"], sent.Values["parent"], Encoding.UTF8.GetString(sent.Content.Span)));
        Assert.Equal("report.csv", (await walk.CallAsync("GET", $"{api}/drive/v3/files/{file.GetProperty("id").GetString()}")).Body.GetProperty("name").GetString());
        Assert.Equal(404, (int)(await walk.CallAsync("POST", api + "/upload/drive/v3/files?uploadType=multipart", Related("nowhere", "x"))).Response.StatusCode);
        Sandbox.AssertNoViolations();

        Assert.Equal(400, (int)(await walk.CallAsync("GET", api + "/drive/v3/about")).Response.StatusCode);
        Assert.Equal(400, (int)(await walk.CallAsync("GET", api + "/drive/v3/files?q=folders")).Response.StatusCode);
        using var form = new MultipartFormDataContent { { new StringContent("{}", Encoding.UTF8, "application/json"), "metadata" } };
        Assert.Equal(400, (int)(await walk.CallAsync("POST", api + "/upload/drive/v3/files?uploadType=multipart", form)).Response.StatusCode);
        Assert.Equal(3, Sandbox.Violations.Count);
    }

    [Fact]
    public async Task Drive_hides_from_an_app_with_drive_file_what_it_did_not_make()
    {
        using var walk = Walk("google-drive");
        await walk.ConsentAsync(walk.AuthorizationUrl(scope: "https://www.googleapis.com/auth/drive.file"));
        walk.Keep((await walk.TradeAsync()).Body);
        var files = walk.Setting("ApiBaseUrl") + "/drive/v3/files";

        Assert.Equal(0, (await walk.CallAsync("GET", files)).Body.GetProperty("files").GetArrayLength());
        await walk.CallAsync("POST", files, JsonContent.Create(new { name = "Exports", mimeType = "application/vnd.google-apps.folder" }));
        Assert.Equal(1, (await walk.CallAsync("GET", files)).Body.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public async Task Dropbox_lists_folders_and_takes_an_upload_with_its_arguments_in_a_header()
    {
        using var walk = await Walk("dropbox").ConnectAsync();
        var api = walk.Setting("ApiBaseUrl");
        var (_, list) = await walk.CallAsync("POST", api + "/2/files/list_folder", JsonContent.Create(new { path = "", limit = 3 }));
        Assert.Equal(3, list.GetProperty("entries").GetArrayLength());
        Assert.True(list.GetProperty("has_more").GetBoolean());
        var (_, rest) = await walk.CallAsync("POST", api + "/2/files/list_folder/continue", JsonContent.Create(new { cursor = list.GetProperty("cursor").GetString() }));
        Assert.Equal("folder", rest.GetProperty("entries")[0].GetProperty(".tag").GetString());

        Assert.Equal(200, await UploadAsync("""{"path":"/Reports/report.csv","mode":"add"}""", "a,b"));
        Assert.Equal(409, await UploadAsync("""{"path":"/Reports/report.csv","mode":"add"}""", "c,d"));
        Assert.Equal(200, await UploadAsync("""{"path":"/Reports/report.csv","mode":"overwrite"}""", "c,d"));
        Assert.Equal(["a,b", "c,d"], Sandbox.Provider("dropbox").Sent.Select(sent => Encoding.UTF8.GetString(sent.Content.Span)));
        Sandbox.AssertNoViolations();

        Assert.Equal(400, (int)(await walk.CallAsync("POST", api + "/2/files/list_folder", JsonContent.Create(new { path = "/" }))).Response.StatusCode);
        Assert.Equal(400, await UploadAsync("""{"path":"report.csv"}""", "x"));
        Assert.Equal(400, (int)(await walk.CallAsync("POST", api + "/2/users/get_current_account", JsonContent.Create(new { }))).Response.StatusCode);
        Assert.Equal(3, Sandbox.Violations.Count);

        async Task<int> UploadAsync(string arguments, string content)
        {
            var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return (int)(await walk.CallAsync("POST", walk.Setting("Urls:content") + "/2/files/upload", body, request => request.Headers.TryAddWithoutValidation("Dropbox-API-Arg", arguments))).Response.StatusCode;
        }
    }

    [Fact]
    public async Task Mailchimp_tells_where_its_API_is_and_lists_ten_audiences_unless_asked_for_more()
    {
        using var walk = await Walk("mailchimp").ConnectAsync();
        var (_, metadata) = await walk.CallAsync("GET", walk.Setting("Urls:metadata"), change: request =>
        {
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", $"OAuth {walk.Access}");
        });
        Assert.Equal(("us6", walk.Setting("ApiBaseUrl")), (metadata.GetProperty("dc").GetString(), metadata.GetProperty("api_endpoint").GetString() + "/3.0"));

        var (_, lists) = await walk.CallAsync("GET", walk.Setting("ApiBaseUrl") + "/lists");
        Assert.Equal((10, 12), (lists.GetProperty("lists").GetArrayLength(), lists.GetProperty("total_items").GetInt32()));
        var (_, more) = await walk.CallAsync("GET", walk.Setting("ApiBaseUrl") + "/lists?count=1000&offset=10");
        Assert.Equal(2, more.GetProperty("lists").GetArrayLength());
    }

    private static MultipartContent Related(string folder, string content)
    {
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return new MultipartContent("related") { new StringContent(JsonSerializer.Serialize(new { name = "report.csv", parents = new[] { folder } }), Encoding.UTF8, "application/json"), file };
    }
}

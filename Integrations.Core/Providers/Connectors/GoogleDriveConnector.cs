using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class GoogleDriveConnector : GoogleConnector
{
    private const string FolderSetting = "folderId";
    private const string MyDrive = "root";
    private const int MaxChoicePages = 5;

    // Larger files go in parts of this size: each has to arrive within the hub's time-out.
    private const int PartLength = 4 * 1024 * 1024;

    public override ConnectorInfo Info { get; } = new(
        "google-drive", "Google Drive", ProviderCategory.CloudStorage, "Files in Google's cloud.", ["File upload", "Exports"], "https://developers.google.com/workspace/drive/api/reference/rest/v3",
        new ProviderTile("Gd", "#146c37"))
    {
        Aliases = ["google"],
    };

    public override ConnectorHelp Help { get; } = new(
        StepsFor("Google Drive API"),
        [
            "With the least permission the hub sees only files and folders that it made itself. To put files into another folder, tick the permission for any folder, which covers the whole Drive.",
            "A pasted token lives for an hour. A pasted refresh token renews it only when Google gave it to the same OAuth client that the hub uses.",
            "An export takes the place of the file of the same name in its folder, as long as that was made by the hub or the whole Drive is allowed. The form of uploads in parts could not be confirmed either.",
            "The form of uploads in one request and Google's quota (12,000 calls a minute) could not be confirmed from Google's documentation.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        OAuthWith(),
        new FieldsMethod(AuthMode.Token,
        [
            new("accessToken", "Access token", "^[A-Za-z0-9._~+/=-]{20,2048}$", "It usually begins with ya29."),
            new("refreshToken", "Refresh token", "^[A-Za-z0-9._~+/=-]{20,2048}$", "It usually begins with 1//") { IsOptional = true },
            new("expiresAt", "Expires at", @"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$", "Such as 2026-01-31T12:00:00Z.") { IsSecret = false, IsOptional = true, IsExpiry = true },
        ]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("write:files", "Save files, and see those that the hub saved", ["https://www.googleapis.com/auth/drive.file"]) { IsOptional = false },
        new("read:files", "See all files and folders", ["https://www.googleapis.com/auth/drive.readonly"]) { IsDefault = false },
        new("write:folders", "Save files into any folder", ["https://www.googleapis.com/auth/drive"]) { IsDefault = false },
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes { get; } =
    [
        new("contacts", "Contacts as CSV", SyncDirections.Out) { IsFile = true },
        new("products", "Products as CSV", SyncDirections.Out) { IsFile = true },
        new("invoices", "Invoices as CSV", SyncDirections.Out) { IsFile = true },
        new("payments", "Payments as CSV", SyncDirections.Out) { IsFile = true },
    ];

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
        [new(FolderSetting, "Folder", "Where files go.") { HasChoices = true, Pattern = "^[A-Za-z0-9_-]{4,100}$", Default = MyDrive }];

    public override IReadOnlyList<ConnectorAction> Actions { get; } =
    [
        new("upload-file", "Upload a file", "write:files",
        [
            new("file", "File", ActionFieldKind.File),
            new("name", "Name") { IsOptional = true, Help = "The file's own name when left empty.", MaxLength = 255 },
            new(FolderSetting, "Folder", ActionFieldKind.Choice) { IsOptional = true, Help = "The connection's folder when left empty." },
        ]),
    ];

    public override string ApiBaseUrl => "https://www.googleapis.com";

    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerMinute(12_000);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var user = (await session.GetAsync("/drive/v3/about?fields=user", cancellationToken)).Json;
        var email = user.TextAt("user", "emailAddress") ?? user.TextAt("user", "displayName") ?? "";
        return new ProviderAccount(user.TextAt("user", "permissionId") ?? email, email);
    }

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken)
    {
        const string Query = "mimeType = 'application/vnd.google-apps.folder' and trashed = false";
        List<SettingChoice> folders = [];
        string? next = null;
        for (var page = 0; page < MaxChoicePages && (page == 0 || next is not null); page++)
        {
            var answer = (await session.GetAsync(
                $"/drive/v3/files?q={Uri.EscapeDataString(Query)}&fields={Uri.EscapeDataString("nextPageToken,files(id,name)")}&pageSize=1000{(next is null ? "" : $"&pageToken={Uri.EscapeDataString(next)}")}",
                cancellationToken)).Json;
            folders.AddRange(answer.ItemsAt("files").Select(folder => new SettingChoice(folder.TextAt("id") ?? "", folder.TextAt("name") ?? "")));
            next = answer.TextAt("nextPageToken");
        }

        return [new SettingChoice(MyDrive, "My Drive"), .. folders.OrderBy(folder => folder.Label, StringComparer.OrdinalIgnoreCase)];
    }

    public override async Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken)
    {
        var file = input.File ?? throw new ProviderFault(ProviderFaultKind.Refused, "There is no file to upload.");
        var name = input["name"] ?? file.Name;
        var request = new ProviderRequest(HttpMethod.Post, "/upload/drive/v3/files?uploadType=multipart&supportsAllDrives=true&fields=id,name,webViewLink")
        {
            Content = () => Upload(name, input[FolderSetting] ?? session.Setting(FolderSetting)!, file),
        };
        var answer = (await session.SendAsync(request, cancellationToken)).Json;
        return new ActionAnswer($"{name} was saved in Google Drive.", answer.TextAt("id"), answer.TextAt("webViewLink"));
    }

    // Note: two parts in this order, without a Content-Disposition: what the file is, and its bytes.
    public override async Task<ActionAnswer> ExportAsync(ProviderSession session, ExportFile file, CancellationToken cancellationToken)
    {
        var folder = session.Setting(FolderSetting)!;
        var query = $"name = '{file.FileName.Replace("'", "\\'", StringComparison.Ordinal)}' and '{folder}' in parents and trashed = false";
        var known = (await session.GetAsync($"/drive/v3/files?q={Uri.EscapeDataString(query)}&fields={Uri.EscapeDataString("files(id)")}&pageSize=1&supportsAllDrives=true&includeItemsFromAllDrives=true", cancellationToken)).Json
            .ItemsAt("files").Select(item => item.TextAt("id")).FirstOrDefault();
        var (method, path) = known is null ? (HttpMethod.Post, "/upload/drive/v3/files") : (HttpMethod.Patch, $"/upload/drive/v3/files/{known}");
        Dictionary<string, object> metadata = new(StringComparer.Ordinal) { ["name"] = file.FileName };
        if (known is null)
        {
            metadata["parents"] = new[] { folder };
        }

        var answer = file.Length > PartLength
            ? await SendPartsAsync(session, method, path, metadata, file, cancellationToken)
            : await session.SendAsync(
                new ProviderRequest(method, $"{path}?uploadType=multipart&supportsAllDrives=true&fields=id,webViewLink")
                {
                    Content = () => new MultipartContent("related") { JsonContent.Create(metadata), CsvOf(file.Content()) },
                    // Who finds the file changes it; a new one could be made twice.
                    CanRepeat = known is not null,
                },
                cancellationToken);
        return new ActionAnswer($"{file.FileName} was saved in Google Drive.", answer.Json.TextAt("id"), answer.Json.TextAt("webViewLink"));
    }

    // Note: a part that is not the last is answered with 308, which elsewhere is a redirect.
    public override ProviderFault? ReadFault(ProviderAnswer answer) => answer.Status == HttpStatusCode.PermanentRedirect ? null : base.ReadFault(answer);

    private static async Task<ProviderAnswer> SendPartsAsync(
        ProviderSession session, HttpMethod method, string path, Dictionary<string, object> metadata, ExportFile file, CancellationToken cancellationToken)
    {
        var start = await session.SendAsync(
            new ProviderRequest(method, $"{path}?uploadType=resumable&supportsAllDrives=true&fields=id,webViewLink")
            {
                Content = () => JsonContent.Create(metadata),
                Headers = [("X-Upload-Content-Type", "text/csv")],
                CanRepeat = true,
            },
            cancellationToken);
        var address = start.Headers.Location?.AbsoluteUri ?? throw new ProviderFault(ProviderFaultKind.Refused, "Google Drive did not say where the parts of the file go.");
        await using var content = file.Content();
        var part = new byte[PartLength];
        for (var sent = 0L; ;)
        {
            var length = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
            var bytes = part.AsMemory(0, length);
            var range = new ContentRangeHeaderValue(sent, sent + length - 1, file.Length);
            // Note: a part that came through already is refused when it comes again, so that a lost answer ends the upload and the next sync begins anew.
            var answer = await session.SendAsync(
                new ProviderRequest(HttpMethod.Put, address) { Content = () => new ReadOnlyMemoryContent(bytes) { Headers = { ContentRange = range } }, CanRepeat = false }, cancellationToken);
            sent += length;
            if (sent >= file.Length || length == 0)
            {
                return answer;
            }
        }
    }

    private static StreamContent CsvOf(Stream stream) => new(stream) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };

    private static MultipartContent Upload(string name, string folder, ActionFile file)
    {
        var media = new ReadOnlyMemoryContent(file.Content);
        media.Headers.ContentType = MediaTypeHeaderValue.TryParse(file.ContentType, out var type) ? type : new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartContent("related") { JsonContent.Create(new Dictionary<string, object>(StringComparer.Ordinal) { ["name"] = name, ["parents"] = new[] { folder } }), media };
    }
}

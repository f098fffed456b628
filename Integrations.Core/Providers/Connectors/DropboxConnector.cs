using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class DropboxConnector : Connector
{
    private const string FolderSetting = "folder";
    private const string Content = "content";
    private const int MaxChoicePages = 5;

    // Dropbox takes 150 MiB at once, but each call has to end within the hub's time-out.
    private const int PartLength = 8 * 1024 * 1024;

    public override ConnectorInfo Info { get; } = new(
        "dropbox", "Dropbox", ProviderCategory.CloudStorage, "Files in Dropbox's cloud.", ["File upload", "Exports"], "https://www.dropbox.com/developers/documentation/http/documentation",
        new ProviderTile("Db", "#0050c8"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Open dropbox.com/developers/apps and make an app with scoped access, either to a folder of its own or to the full Dropbox.",
            "Under Permissions, tick account_info.read, files.metadata.read, files.content.read and files.content.write, and submit.",
            "Under Settings, add the hub's redirect URI. The app key is the client id, the app secret the client secret; enter both in Settings, Providers.",
            "To paste a token instead, press Generate under Generated access token.",
        ],
        [
            "A generated token lives for about four hours and cannot be renewed. Connect with OAuth to stay connected.",
            "An app with a folder of its own sees only that folder; paths begin there.",
            "Dropbox does not publish its rate limit. That the account's data needs account_info.read, and how names outside ASCII are written in an upload's header, could not be confirmed from its documentation.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://www.dropbox.com/oauth2/authorize", "https://api.dropboxapi.com/oauth2/token")
        {
            RevocationUrl = "https://api.dropboxapi.com/2/auth/token/revoke",
            BaseScopes = ["account_info.read"],
            UsesPkce = true,
            // Note: without it Dropbox gives no refresh token.
            AuthorizationParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["token_access_type"] = "offline" },
            TokenFacts = ["account_id"],
            DefaultLifetime = TimeSpan.FromHours(4),
            ClientEnvironment = ("DROPBOX_APP_KEY", "DROPBOX_APP_SECRET"),
        },
        new FieldsMethod(AuthMode.Token,
        [
            new("accessToken", "Access token", @"^sl\.(u\.)?[A-Za-z0-9_-]{130,}$", "It begins with sl."),
            new("accountId", "Account id", "^dbid:[A-Za-z0-9_-]{20,60}$", "It begins with dbid:") { IsSecret = false, IsOptional = true },
        ]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        // Seeing names comes with it, so that a folder can be chosen.
        new("write:files", "Save files, and see the names of files and folders", ["files.content.write", "files.metadata.read"]) { IsOptional = false },
        new("read:files", "Read files", ["files.content.read"]) { IsDefault = false },
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes { get; } =
    [
        new("contacts", "Contacts as CSV", SyncDirections.Out) { IsFile = true },
        new("products", "Products as CSV", SyncDirections.Out) { IsFile = true },
        new("invoices", "Invoices as CSV", SyncDirections.Out) { IsFile = true },
        new("payments", "Payments as CSV", SyncDirections.Out) { IsFile = true },
    ];

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
        [new(FolderSetting, "Folder", "Where files go; / is the top.") { HasChoices = true, Pattern = "^/[^\\r\\n]*$", Default = "/" }];

    public override IReadOnlyList<ConnectorAction> Actions { get; } =
    [
        new("upload-file", "Upload a file", "write:files",
        [
            new("file", "File", ActionFieldKind.File),
            new("name", "Name") { IsOptional = true, Help = "The file's own name when left empty.", MaxLength = 255 },
            new(FolderSetting, "Folder", ActionFieldKind.Choice) { IsOptional = true, Help = "The connection's folder when left empty." },
        ]),
    ];

    public override string ApiBaseUrl => "https://api.dropboxapi.com";

    public override IReadOnlyDictionary<string, string> NamedUrls { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { [Content] = "https://content.dropboxapi.com" };

    // Dropbox asks not to make calls that write at once.
    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerMinute(600, concurrent: 4);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        // Note: a call without arguments has no body and no content type.
        var account = (await session.SendAsync(new ProviderRequest(HttpMethod.Post, "/2/users/get_current_account") { CanRepeat = true }, cancellationToken)).Json;
        var id = account.TextAt("account_id") ?? "";
        if (session.Mode == AuthMode.Token && session.Facts.GetValueOrDefault("accountId") is { Length: > 0 } claimed && claimed != id)
        {
            throw new ProviderFault(ProviderFaultKind.Refused, $"The token belongs to the account {id}, not to {claimed}.");
        }

        return new ProviderAccount(id, account.TextAt("email") ?? account.TextAt("name", "display_name") ?? id)
        {
            // Dropbox's webhooks name the account by this.
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["account_id"] = id },
        };
    }

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken)
    {
        List<string> folders = [];
        var answer = (await AskAsync("/2/files/list_folder", new { path = "", recursive = true, limit = 2000 })).Json;
        for (var page = 1; ; page++)
        {
            folders.AddRange(answer.ItemsAt("entries").Where(entry => entry.TextAt(".tag") == "folder").Select(entry => entry.TextAt("path_display") ?? entry.TextAt("path_lower") ?? "/"));
            if (page == MaxChoicePages || answer.TextAt("has_more") != "true")
            {
                break;
            }

            answer = (await AskAsync("/2/files/list_folder/continue", new { cursor = answer.TextAt("cursor") })).Json;
        }

        return [new SettingChoice("/", "/"), .. folders.Order(StringComparer.OrdinalIgnoreCase).Select(path => new SettingChoice(path, path))];

        Task<ProviderAnswer> AskAsync(string url, object body) => session.SendAsync(ProviderRequest.PostJson(url, body) with { CanRepeat = true }, cancellationToken);
    }

    public override async Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken)
    {
        var file = input.File ?? throw new ProviderFault(ProviderFaultKind.Refused, "There is no file to upload.");
        var name = (input["name"] ?? file.Name).Replace('/', '-');
        var path = $"{(input[FolderSetting] ?? session.Setting(FolderSetting)!).TrimEnd('/')}/{name}";
        // What is there already stays, so that sending it again could save it twice.
        var request = ContentRequest(session, "upload", new { path, mode = "add", autorename = true, mute = false }, () => new ReadOnlyMemoryContent(file.Content)) with { CanRepeat = false };
        var answer = (await session.SendAsync(request, cancellationToken)).Json;
        return new ActionAnswer($"{answer.TextAt("path_display") ?? path} was saved in Dropbox.", answer.TextAt("id"));
    }

    public override async Task<ActionAnswer> ExportAsync(ProviderSession session, ExportFile file, CancellationToken cancellationToken)
    {
        var path = $"{session.Setting(FolderSetting)!.TrimEnd('/')}/{file.FileName}";
        // An export goes over the one before; whoever has it open keeps the older version.
        object commit = new { path, mode = "overwrite", autorename = false, mute = true };
        var answer = file.Length > PartLength
            ? await SendPartsAsync(session, commit, file, cancellationToken)
            : await session.SendAsync(ContentRequest(session, "upload", commit, () => new StreamContent(file.Content())), cancellationToken);
        return new ActionAnswer($"{answer.Json.TextAt("path_display") ?? path} was saved in Dropbox.", answer.Json.TextAt("id"));
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        if (base.ReadFault(answer) is not { } fault)
        {
            return null;
        }

        var error = answer.TryJson();
        return (answer.Status, error?.TextAt("error", ".tag")) switch
        {
            // Note: a token that lacks a scope is a 401, like one that has ended.
            (HttpStatusCode.Unauthorized, "missing_scope") => FaultOf(ProviderFaultKind.Forbidden, answer, $"the app lacks the scope {error?.TextAt("error", "required_scope")}"),
            // Note: the wait stands in the body when it is not in the header.
            (HttpStatusCode.TooManyRequests, _) when fault.RetryAfter is null && int.TryParse(error?.TextAt("error", "retry_after") ?? "1", out var seconds) =>
                new ProviderFault(fault.Kind, fault.Message, fault.Status, TimeSpan.FromSeconds(seconds)),
            _ => fault,
        };
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        try
        {
            // Note: only a good access token revokes, itself and its refresh token; it may have expired long ago.
            var current = CanRefresh(credential) ? (await RefreshAsync(exchange, credential, cancellationToken)).Credential : credential;
            using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Urls.Revocation);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", current.AccessToken);
            await exchange.SendAsync(request, cancellationToken);
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.GrantEnded)
        {
            // It had ended already.
        }
    }

    private static async Task<ProviderAnswer> SendPartsAsync(ProviderSession session, object commit, ExportFile file, CancellationToken cancellationToken)
    {
        var id = (await session.SendAsync(ContentRequest(session, "upload_session/start", new { close = false }, () => new ByteArrayContent([])), cancellationToken)).Json.TextAt("session_id");
        await using var content = file.Content();
        var part = new byte[PartLength];
        for (var offset = 0L; ;)
        {
            var length = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
            var (bytes, cursor) = (part.AsMemory(0, length), new { session_id = id, offset });
            offset += length;
            if (offset >= file.Length || length == 0)
            {
                return await session.SendAsync(ContentRequest(session, "upload_session/finish", new { cursor, commit }, () => new ReadOnlyMemoryContent(bytes)), cancellationToken);
            }

            // Note: a part that came through already is refused when it comes again, so that a lost answer ends the upload and the next sync begins anew.
            await session.SendAsync(ContentRequest(session, "upload_session/append_v2", new { cursor, close = false }, () => new ReadOnlyMemoryContent(bytes)) with { CanRepeat = false }, cancellationToken);
        }
    }

    // Note: the arguments travel in a header, so everything outside ASCII is written as \uXXXX; the serializer does so, and DEL too.
    private static ProviderRequest ContentRequest(ProviderSession session, string function, object arguments, Func<HttpContent> content) =>
        new(HttpMethod.Post, $"{session.Urls.Named[Content]}/2/files/{function}")
        {
            Headers = [("Dropbox-API-Arg", JsonSerializer.Serialize(arguments))],
            Content = () =>
            {
                var body = content();
                body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                return body;
            },
            CanRepeat = true,
        };

    protected override string? ReadMessage(JsonElement body) => body.TextAt("user_message", "text") ?? body.TextAt("error_summary") ?? base.ReadMessage(body);
}

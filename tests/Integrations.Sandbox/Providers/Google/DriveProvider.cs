using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>Google Drive: folders to choose from, and uploads.</summary>
internal sealed class DriveProvider : GoogleProvider
{
    private static readonly string[] _read = [GoogleScopes.Drive, GoogleScopes.DriveFile, GoogleScopes.DriveReadonly, GoogleScopes.DriveMetadata];
    private static readonly string[] _write = [GoogleScopes.Drive, GoogleScopes.DriveFile];

    private readonly DriveStore _store = new();
    private readonly DriveSessions _sessions;

    public DriveProvider(TimeProvider time)
        : base("google-drive", "Google Drive", time)
    {
        _sessions = new DriveSessions(this);
        Control.Grants.AddKey(SandboxKeys.GoogleDriveToken, DefaultAccount);
    }

    protected override IReadOnlyCollection<string> ApiScopes => _read;

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return Error(StatusCodes.Status403Forbidden, "userRateLimitExceeded", "User Rate Limit Exceeded", "PERMISSION_DENIED");
    }

    protected override void MapApi(ProviderRoutes routes)
    {
        base.MapApi(routes);
        routes.Get("/drive/v3/about", With(About, _read));
        routes.Get("/drive/v3/files", With(List, _read));
        routes.Get("/drive/v3/files/{id}", With(Get, _read));
        routes.Post("/drive/v3/files", With(CreateAsync, _write));
        routes.Data.Post("/upload/drive/v3/files", With(UploadAsync, _write));
        routes.Data.Patch("/upload/drive/v3/files/{id}", With(ReplaceAsync, _write));
        routes.Data.Put("/upload/drive/v3/files", _sessions.PutAsync);
        routes.Data.Put("/upload/drive/v3/files/{id}", _sessions.PutAsync);
    }

    private IResult About(HttpContext context, AccessToken token) => context.Request.Query["fields"].ToString() is not { Length: > 0 }
        ? Violation(context, "about wants fields", BadRequest("The 'fields' parameter is required for this method.", "required"))
        : Masked(context, new
        {
            kind = "drive#about",
            user = new { kind = "drive#user", displayName = token.Grant.Account.Person, me = true, permissionId = token.Grant.Account.Digits("permission", 20), emailAddress = token.Grant.Account.Email },
            storageQuota = new { limit = "16106127360", usage = "734003200", usageInDrive = "41943040", usageInDriveTrash = "0" },
        }, "");

    private IResult List(HttpContext context, AccessToken token)
    {
        var query = context.Request.Query;
        if (DriveQuery.Parse(query["q"].ToString()) is not { } filter)
        {
            return Violation(context, $"q is not understood: {query["q"]}", BadRequest("Invalid Value", "invalid"));
        }

        var page = _store.Visible(token).Where(filter).ToList();
        var size = int.TryParse(query["pageSize"].ToString(), out var asked) ? asked : 100;
        if (size is < 1 or > 1000)
        {
            return Violation(context, "pageSize must be 1 to 1000", BadRequest("Invalid value. Values must be within the range: [1, 1000]", "invalidParameter"));
        }

        var start = 0;
        if (query["pageToken"].ToString() is { Length: > 0 } cursor && !int.TryParse(cursor.Replace("~!!~", "", StringComparison.Ordinal), out start))
        {
            return BadRequest("Invalid Value", "invalid");
        }

        Dictionary<string, object> body = new(StringComparer.Ordinal) { ["kind"] = "drive#fileList", ["incompleteSearch"] = false };
        if (start + size < page.Count)
        {
            body["nextPageToken"] = $"~!!~{start + size}";
        }

        body["files"] = page.Skip(start).Take(size).Select(item => item.View());
        return Masked(context, body, "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)");
    }

    private IResult Get(HttpContext context, AccessToken token) => Find(context, token) is { } item ? Masked(context, item.View(), DriveItem.DefaultFields) : Missing(context);

    private async Task<IResult> CreateAsync(HttpContext context, AccessToken token) => await context.Request.ReadObjectAsync() is { } metadata
        ? Add(context, token, new DriveUpload(metadata, null, []), "files.create")
        : Violation(context, "create wants JSON", BadRequest("Invalid JSON payload received.", "parseError"));

    private async Task<IResult> UploadAsync(HttpContext context, AccessToken token)
    {
        var type = context.Request.Query["uploadType"].ToString();
        if (type == "resumable")
        {
            return await _sessions.StartAsync(context, token, null);
        }

        var upload = type switch
        {
            "multipart" => await DriveUpload.ReadMultipartAsync(context.Request),
            "media" => new DriveUpload(null, context.Request.ContentType, await context.Request.ReadBytesAsync()),
            _ => null,
        };
        return upload is null
            ? Violation(context, "an upload is uploadType=multipart with a JSON part and a content part in multipart/related, uploadType=media, or uploadType=resumable", BadRequest("Malformed multipart body."))
            : Add(context, token, upload, "files.upload");
    }

    private async Task<IResult> ReplaceAsync(HttpContext context, AccessToken token)
    {
        var type = context.Request.Query["uploadType"].ToString();
        if (type is not ("media" or "multipart" or "resumable"))
        {
            return Violation(context, "the content of a file is replaced with uploadType=media, multipart or resumable", BadRequest("Invalid upload type."));
        }

        if (Find(context, token) is not { } item)
        {
            return Missing(context);
        }

        if (type == "resumable")
        {
            return await _sessions.StartAsync(context, token, item);
        }

        return (type == "multipart" ? await DriveUpload.ReadMultipartAsync(context.Request) : new DriveUpload(null, context.Request.ContentType, await context.Request.ReadBytesAsync())) is { } upload
            ? Finish(context, token, upload, item)
            : Violation(context, "the parts are JSON and content in multipart/related", BadRequest("Malformed multipart body."));
    }

    public IResult Wrong(HttpContext context, string rule) => Violation(context, rule, BadRequest(rule));

    /// <param name="item">The file whose content is replaced; null for a new one.</param>
    public IResult Finish(HttpContext context, AccessToken token, DriveUpload upload, DriveItem? item)
    {
        if (item is null)
        {
            return Add(context, token, upload, "files.upload");
        }

        var replaced = item with
        {
            Name = upload.Metadata?.Text("name") ?? item.Name,
            MimeType = upload.ContentType ?? item.MimeType,
            Size = upload.Content.Length,
            Content = upload.Content,
            Modified = Time.GetUtcNow(),
        };
        _store.Replace(token.Grant.Account, replaced);
        Control.Record("files.update", replaced.Facts(), upload.Content);
        return Masked(context, replaced.View(), DriveItem.DefaultFields);
    }

    private IResult Add(HttpContext context, AccessToken token, DriveUpload upload, string action)
    {
        var account = token.Grant.Account;
        if (upload.Parents.FirstOrDefault(parent => !_store.Has(token, parent)) is { } unknown)
        {
            return Error(StatusCodes.Status404NotFound, "notFound", $"File not found: {unknown}.", "NOT_FOUND");
        }

        var item = _store.Add(account, upload, Time.GetUtcNow());
        Control.Record(action, item.Facts(), item.Content);
        return Masked(context, item.View(), DriveItem.DefaultFields);
    }

    private DriveItem? Find(HttpContext context, AccessToken token) =>
        _store.Visible(token).FirstOrDefault(item => item.Id == context.Request.RouteValues["id"]?.ToString());

    private static IResult Missing(HttpContext context) =>
        Error(StatusCodes.Status404NotFound, "notFound", $"File not found: {context.Request.RouteValues["id"]}.", "NOT_FOUND");

    /// <summary>Only what <c>fields</c> asks for, as the real one does: a client that forgets nextPageToken gets none.</summary>
    private IResult Masked(HttpContext context, object body, string byDefault)
    {
        var fields = context.Request.Query["fields"].ToString() is { Length: > 0 } asked ? asked : byDefault;
        return FieldMask.Parse(fields) is { } mask
            ? Answer.Json(mask.Apply(body)!)
            : Violation(context, $"fields is not understood: {fields}", BadRequest($"Invalid field selection {fields}", "invalidParameter"));
    }
}

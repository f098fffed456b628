using System.Text.Json;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Dropbox;

/// <summary>The functions of Dropbox's API that the hub uses.</summary>
internal sealed class DropboxApi(ProviderControl control, TimeProvider time)
{
    private readonly DropboxFiles _files = new();

    public static string AccountId(SandboxAccount account) => "dbid:AA" + Mint.Letters(34, "dropbox", account.Number, "account");

    public async Task<IResult> RevokeAsync(HttpContext context, AccessToken token)
    {
        if (await NoArgumentsAsync(context, "auth/token/revoke") is { } fault)
        {
            return fault;
        }

        control.Grants.Revoke(token.Grant);
        return Answer.Text("null", type: "application/json");
    }

    public async Task<IResult> AccountAsync(HttpContext context, AccessToken token)
    {
        if (await NoArgumentsAsync(context, "users/get_current_account") is { } fault)
        {
            return fault;
        }

        var account = token.Grant.Account;
        return Answer.Json(new
        {
            account_id = AccountId(account),
            name = new { given_name = account.Person.Split(' ')[0], surname = account.Person.Split(' ')[^1], familiar_name = account.Person.Split(' ')[0], display_name = account.Person, abbreviated_name = "AR" },
            email = account.Email,
            email_verified = true,
            disabled = false,
            country = "US",
            locale = "en",
            is_paired = false,
            account_type = Answer.Tag("business"),
            root_info = Answer.Tag("user", ("root_namespace_id", "3235641"), ("home_namespace_id", "3235641")),
        });
    }

    public async Task<IResult> ListAsync(HttpContext context, AccessToken token)
    {
        const string function = "files/list_folder";
        if (await context.Request.ReadObjectAsync() is not { } arguments || arguments.Text("path") is not { } path)
        {
            return Wrong(context, function, "request body: missing required field 'path'");
        }

        if (path == "/")
        {
            return Wrong(context, function, "request body: path: Specify the root folder as an empty string rather than as \"/\".");
        }

        if (path.Length > 0 && path[0] != '/' && !path.StartsWith("id:", StringComparison.Ordinal))
        {
            return Wrong(context, function, $"request body: path: '{path}' did not match pattern");
        }

        var limit = arguments.TryGetProperty("limit", out var asked) && asked.ValueKind == JsonValueKind.Number ? asked.GetInt32() : 500;
        if (limit is < 1 or > 2000)
        {
            return Wrong(context, function, "request body: limit: not within range [1, 2000]");
        }

        var isRecursive = arguments.TryGetProperty("recursive", out var recursive) && recursive.ValueKind == JsonValueKind.True;
        return _files.List(token.Grant.Account, path, isRecursive, limit) is { } page ? Page(page) : Conflict("path/not_found/", Answer.Tag("path", ("path", Answer.Tag("not_found"))));
    }

    public async Task<IResult> ContinueAsync(HttpContext context, AccessToken token) =>
        await context.Request.ReadObjectAsync() is not { } arguments || arguments.Text("cursor") is not { } cursor
            ? Wrong(context, "files/list_folder/continue", "request body: missing required field 'cursor'")
            : _files.Continue(token.Grant.Account, cursor) is { } page ? Page(page) : Conflict("reset/", Answer.Tag("reset"));

    public async Task<IResult> UploadAsync(HttpContext context, AccessToken token)
    {
        const string function = "files/upload";
        return ReadArguments(context, function, out var refusal) is { } arguments ? Commit(context, token, function, arguments, await context.Request.ReadBytesAsync()) : refusal;
    }

    /// <summary>The arguments of a function whose body is content. Null, with the answer, when they cannot be read.</summary>
    public JsonElement? ReadArguments(HttpContext context, string function, out IResult refusal)
    {
        refusal = Results.Empty;
        if (!context.Request.HasMediaType("application/octet-stream"))
        {
            refusal = Wrong(context, function, $"Bad HTTP \"Content-Type\" header: \"{context.Request.ContentType}\". Expecting one of \"application/octet-stream\", \"text/plain; charset=dropbox-cors-hack\".");
            return null;
        }

        var header = context.Request.Headers["Dropbox-API-Arg"].ToString();
        // Note: that other characters must be escaped is unverified; HTTP itself carries no others safely.
        if (header.Length == 0 || header.Any(c => c is < ' ' or > '~') || Parse(header) is not { } arguments)
        {
            refusal = Wrong(context, function, "HTTP header \"Dropbox-API-Arg\": could not decode input as JSON, in ASCII");
            return null;
        }

        return arguments;
    }

    /// <param name="arguments">Where the file goes, and what becomes of one that is there.</param>
    public IResult Commit(HttpContext context, AccessToken token, string function, JsonElement arguments, byte[] content)
    {
        var path = arguments.Text("path") ?? "";
        if (path.Length < 2 || path[0] != '/' || path[^1] == '/')
        {
            return Wrong(context, function, $"HTTP header \"Dropbox-API-Arg\": path: '{path}' did not match pattern '(/(.|[\\r\\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)'");
        }

        var overwrites = arguments.Text("mode") == "overwrite" || (arguments.TryGetProperty("mode", out var mode) && mode.Text(".tag") is "overwrite" or "update");
        var renames = arguments.TryGetProperty("autorename", out var autorename) && autorename.ValueKind == JsonValueKind.True;
        var file = _files.Upload(token.Grant.Account, path, content, overwrites, renames, time.GetUtcNow());
        if (file is null)
        {
            return Conflict("path/conflict/file/", Answer.Tag("path", ("reason", Answer.Tag("conflict", ("conflict", Answer.Tag("file")))), ("upload_session_id", "")));
        }

        control.Record("files.upload", new Dictionary<string, string>(StringComparer.Ordinal) { ["path"] = file.Path, ["id"] = file.Id }, content);
        return Answer.Json(file.View(tagged: false));
    }

    private static IResult Page((IEnumerable<object> Entries, string Cursor, bool HasMore) page) =>
        Answer.Json(new { entries = page.Entries, cursor = page.Cursor, has_more = page.HasMore });

    public static IResult Conflict(string summary, Dictionary<string, object?> error) => Answer.Json(new { error_summary = summary + "..", error }, StatusCodes.Status409Conflict);

    /// <summary>A function without arguments takes an empty body without a type, or null as JSON.</summary>
    private async Task<IResult?> NoArgumentsAsync(HttpContext context, string function)
    {
        var body = System.Text.Encoding.UTF8.GetString(await context.Request.ReadBytesAsync()).Trim();
        return (context.Request.HasMediaType("application/json"), body) switch
        {
            (true, "null") => null,
            (false, "") when context.Request.ContentType is null => null,
            (true, _) => Wrong(context, function, "request body: expected null, got value"),
            _ => Wrong(context, function, $"Bad HTTP \"Content-Type\" header: \"{context.Request.ContentType}\"."),
        };
    }

    public IResult Wrong(HttpContext context, string function, string rule)
    {
        control.Violated(context, rule);
        return Answer.Text($"Error in call to API function \"{function}\": {rule}", StatusCodes.Status400BadRequest);
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Dropbox;

/// <summary>Large files come in parts: a session is started, appended to, and finished into a file.</summary>
internal sealed class DropboxSessions(DropboxApi api)
{
    private const string Function = "files/upload_session/";

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _started;

    public async Task<IResult> StartAsync(HttpContext context, AccessToken token)
    {
        if (api.ReadArguments(context, Function + "start", out var refusal) is not { } arguments)
        {
            return refusal;
        }

        var id = "pid_upload_session:" + Mint.Letters(60, "dropbox", "session", Interlocked.Increment(ref _started));
        var session = new Session();
        session.Content.Write(await context.Request.ReadBytesAsync());
        session.IsClosed = IsClosing(arguments);
        _sessions[id] = session;
        return Answer.Json(new { session_id = id });
    }

    public async Task<IResult> AppendAsync(HttpContext context, AccessToken token)
    {
        if (api.ReadArguments(context, Function + "append_v2", out var refusal) is not { } arguments)
        {
            return refusal;
        }

        if (Find(context, "append_v2", arguments, out refusal) is not { } session)
        {
            return refusal;
        }

        if (session.IsClosed)
        {
            return DropboxApi.Conflict("closed/", Answer.Tag("closed"));
        }

        session.Content.Write(await context.Request.ReadBytesAsync());
        session.IsClosed = IsClosing(arguments);
        return Answer.Text("null", type: "application/json");
    }

    public async Task<IResult> FinishAsync(HttpContext context, AccessToken token)
    {
        if (api.ReadArguments(context, Function + "finish", out var refusal) is not { } arguments)
        {
            return refusal;
        }

        if (!arguments.TryGetProperty("commit", out var commit) || commit.ValueKind != JsonValueKind.Object)
        {
            return api.Wrong(context, Function + "finish", "HTTP header \"Dropbox-API-Arg\": missing required field 'commit'");
        }

        if (Find(context, "finish", arguments, out refusal) is not { } session)
        {
            return refusal;
        }

        session.Content.Write(await context.Request.ReadBytesAsync());
        _sessions.TryRemove(arguments.GetProperty("cursor").Text("session_id")!, out _);
        return api.Commit(context, token, Function + "finish", commit, session.Content.ToArray());
    }

    private Session? Find(HttpContext context, string function, JsonElement arguments, out IResult refusal)
    {
        refusal = Results.Empty;
        if (!arguments.TryGetProperty("cursor", out var cursor) || cursor.Text("session_id") is not { } id || !cursor.TryGetProperty("offset", out var at) || !at.TryGetInt64(out var offset))
        {
            refusal = api.Wrong(context, Function + function, "HTTP header \"Dropbox-API-Arg\": cursor: missing required field 'session_id' or 'offset'");
            return null;
        }

        if (!_sessions.TryGetValue(id, out var session))
        {
            refusal = DropboxApi.Conflict("lookup_failed/not_found/", Answer.Tag("lookup_failed", ("lookup_failed", Answer.Tag("not_found"))));
            return null;
        }

        if (offset != session.Content.Length)
        {
            refusal = DropboxApi.Conflict("incorrect_offset/", Answer.Tag("incorrect_offset", ("correct_offset", session.Content.Length)));
            return null;
        }

        return session;
    }

    private static bool IsClosing(JsonElement arguments) => arguments.TryGetProperty("close", out var close) && close.ValueKind == JsonValueKind.True;

    private sealed class Session
    {
        public MemoryStream Content { get; } = new();

        public bool IsClosed { get; set; }
    }
}

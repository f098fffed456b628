using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>Resumable uploads: the address of a session carries its own right; its parts are multiples of 256 KiB, but for the last.</summary>
internal sealed class DriveSessions(DriveProvider provider)
{
    private const int Unit = 256 * 1024;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _started;

    /// <param name="item">The file whose content is replaced; null for a new one.</param>
    public async Task<IResult> StartAsync(HttpContext context, AccessToken token, DriveItem? item)
    {
        var metadata = await context.Request.ReadObjectAsync();
        if (metadata is null && context.Request.ContentLength > 0)
        {
            return provider.Wrong(context, "a resumable upload begins with metadata as JSON, or nothing");
        }

        var id = Mint.Letters(80, "drive", "session", Interlocked.Increment(ref _started));
        var type = context.Request.Headers["X-Upload-Content-Type"].ToString();
        _sessions[id] = new Session(token, metadata, item, type.Length > 0 ? type : null);
        var file = item is null ? "" : "/" + item.Id;
        context.Response.Headers.Location = $"{provider.BaseUrl}/upload/drive/v3/files{file}?uploadType=resumable&upload_id={id}";
        return Answer.Status(StatusCodes.Status200OK);
    }

    public async Task<IResult> PutAsync(HttpContext context)
    {
        var id = context.Request.Query["upload_id"].ToString();
        if (!_sessions.TryGetValue(id, out var session))
        {
            return Answer.Status(StatusCodes.Status404NotFound);
        }

        var content = await context.Request.ReadBytesAsync();
        var range = context.Request.Headers.ContentRange.ToString();
        if (range.Length > 0)
        {
            // bytes 0-262143/2000000, or bytes */2000000 to ask how far it came.
            if (range.Split(' ', '-', '/') is not ["bytes", var first, .., var total])
            {
                return provider.Wrong(context, "Content-Range is bytes first-last/total");
            }

            var isLast = false;
            if (first != "*")
            {
                isLast = int.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var all) && session.Content.Length + content.Length == all;
                if (first != session.Content.Length.ToString(CultureInfo.InvariantCulture) || (!isLast && content.Length % Unit != 0))
                {
                    return provider.Wrong(context, "a part follows the one before, and is a multiple of 256 KiB unless it is the last");
                }

                session.Content.Write(content);
            }

            if (!isLast)
            {
                if (session.Content.Length > 0)
                {
                    context.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{session.Content.Length - 1}");
                }

                return Answer.Status(StatusCodes.Status308PermanentRedirect);
            }
        }
        else
        {
            session.Content.Write(content);
        }

        _sessions.TryRemove(id, out _);
        return provider.Finish(context, session.Token, new DriveUpload(session.Metadata, session.ContentType, session.Content.ToArray()), session.Item);
    }

    private sealed record Session(AccessToken Token, JsonElement? Metadata, DriveItem? Item, string? ContentType)
    {
        public MemoryStream Content { get; } = new();
    }
}

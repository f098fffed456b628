using System.IO.Compression;

namespace Integrations.Sandbox.Webhooks;

internal static class BehaviourAnswer
{
    // One gzip member of 64 MB of zeros takes about 64 KB; a body of many members is valid gzip.
    private static readonly Lazy<byte[]> _zeros = new(() =>
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var block = new byte[1024 * 1024];
            for (var i = 0; i < 64; i++)
            {
                gzip.Write(block);
            }
        }

        return packed.ToArray();
    });

    public static async Task WriteAsync(HttpContext context, Behaviour behaviour, TimeProvider time, CancellationToken stopping)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var over = linked.Token;
        try
        {
            await WriteWhileWantedAsync(context, behaviour, time, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The sender gave up, or the sandbox stops: what a hang, an endless body or a drip is meant to end in.
            context.Abort();
        }
    }

    private static Task WriteWhileWantedAsync(HttpContext context, Behaviour behaviour, TimeProvider time, CancellationToken over)
    {
        var response = context.Response;
        switch (behaviour)
        {
            case Status status:
                response.StatusCode = status.Code;
                if (status.RetryAfter is not null)
                {
                    response.Headers.RetryAfter = status.RetryAfter;
                }

                return status.Code is 204 or 304 ? Task.CompletedTask : response.WriteAsync(status.Text, over);
            case Slow slow:
                return SlowAsync(response, slow, time, over);
            case Redirect redirect:
                // 307, because it asks the sender to repeat the method and the signed body elsewhere.
                response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                response.Headers.Location = redirect.Location;
                return Task.CompletedTask;
            case Reset:
                context.Abort();
                return Task.CompletedTask;
            case Huge:
                return RepeatAsync(response, new byte[64 * 1024], TimeSpan.Zero, time, over);
            case Drip:
                return RepeatAsync(response, [(byte)'.'], TimeSpan.FromSeconds(1), time, over);
            case GzipBomb:
                response.Headers.ContentEncoding = "gzip";
                return RepeatAsync(response, _zeros.Value, TimeSpan.Zero, time, over);
            default:
                return Task.Delay(Timeout.InfiniteTimeSpan, time, over);
        }
    }

    private static async Task SlowAsync(HttpResponse response, Slow slow, TimeProvider time, CancellationToken over)
    {
        await Task.Delay(slow.Delay, time, over);
        await response.WriteAsync(slow.Text, over);
    }

    private static async Task RepeatAsync(HttpResponse response, byte[] block, TimeSpan pause, TimeProvider time, CancellationToken over)
    {
        while (true)
        {
            over.ThrowIfCancellationRequested();
            await response.Body.WriteAsync(block, over);
            await response.Body.FlushAsync(over);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, over);
            }
        }
    }
}

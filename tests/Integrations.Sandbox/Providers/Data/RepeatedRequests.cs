using System.Collections.Concurrent;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>Requests that carry a key of the client's happen once: the same one again has the same answer for a day, another one with the key is refused.</summary>
internal sealed class RepeatedRequests(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(int Account, string Key), Kept> _kept = new();
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <param name="key">Empty for a request without one.</param>
    /// <param name="request">What must be the same.</param>
    /// <param name="differs">Answers another request with a used key.</param>
    public async Task<IResult> RunAsync(HttpContext context, AccountData data, string key, string request, Func<IResult> answer, Func<IResult> differs)
    {
        if (key.Length == 0)
        {
            return answer();
        }

        // One at a time: two requests with the same key must not both be the first.
        await _gate.WaitAsync(context.RequestAborted);
        try
        {
            var now = time.GetUtcNow();
            if (_kept.TryGetValue((data.Number, key), out var kept) && now - kept.At < TimeSpan.FromHours(24))
            {
                if (kept.Request != request)
                {
                    data.Owner.Violated(context, "a key for idempotency is used for another request");
                    return differs();
                }

                context.Response.Headers["Idempotent-Replayed"] = "true";
                return kept.Answer;
            }

            var made = answer();
            _kept[(data.Number, key)] = new Kept(request, made, now);
            return made;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private sealed record Kept(string Request, IResult Answer, DateTimeOffset At);
}

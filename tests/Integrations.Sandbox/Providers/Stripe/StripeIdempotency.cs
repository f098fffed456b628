using System.Collections.Concurrent;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>A key makes a POST happen once: the same request again has the same answer for 24 hours, another one with the key is refused.</summary>
internal sealed class StripeIdempotency(TimeProvider time)
{
    private readonly ConcurrentDictionary<(int Account, string Key), Kept> _kept = new();
    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task<IResult> RunAsync(HttpContext context, AccountData data, Func<StripeForm, IResult> answer)
    {
        var (form, wrong) = await StripeForm.ReadAsync(context.Request);
        if (form is null)
        {
            var message = wrong is var (name, kind, value) ? $"Invalid {kind}: {value} ({name})" : "Invalid request (check that your POST content type is application/x-www-form-urlencoded).";
            data.Owner.Violated(context, message);
            return StripeProvider.Error(message, StatusCodes.Status400BadRequest, wrong is var (_, of, _) ? $"parameter_invalid_{of}" : null, wrong?.Name);
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
        {
            return answer(form);
        }

        if (key.Length > 255)
        {
            data.Owner.Violated(context, "an Idempotency-Key has at most 255 characters");
            return StripeProvider.Error("Idempotency keys must be 255 characters or fewer.", StatusCodes.Status400BadRequest, null, null, "idempotency_error");
        }

        // One at a time: two requests with the same key must not both be the first.
        await _gate.WaitAsync(context.RequestAborted);
        try
        {
            var request = context.Request.Path + "\n" + form.Raw;
            var now = time.GetUtcNow();
            if (_kept.TryGetValue((data.Number, key), out var kept) && now - kept.At < TimeSpan.FromHours(24))
            {
                if (kept.Request == request)
                {
                    context.Response.Headers["Idempotent-Replayed"] = "true";
                    return kept.Answer;
                }

                data.Owner.Violated(context, "an Idempotency-Key is used for another request");
                return StripeProvider.Error(
                    $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.",
                    StatusCodes.Status400BadRequest, null, null, "idempotency_error");
            }

            var made = answer(form);
            _kept[(data.Number, key)] = new Kept(request, made, now);
            return made;
        }
        finally
        {
            _gate.Release();
        }
    }

    private sealed record Kept(string Request, IResult Answer, DateTimeOffset At);
}

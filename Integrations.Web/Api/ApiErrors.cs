using Integrations.Core.Security;
using Npgsql;

namespace Integrations.Web.Api;

/// <summary>Turns refusals, faults and empty answers under <c>/api</c> into problem responses, in this one place.</summary>
internal sealed class ApiErrors(RequestDelegate next, ILogger<ApiErrors> log)
{
    private const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext context)
    {
        // Answers are a tenant's own, and some show a secret once.
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            // PostgreSQL cannot compare with a text that holds this character.
            if (context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
            {
                throw Refusal.Invalid(null, "The query must not hold the character U+0000 (%00).");
            }

            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= 400)
            {
                await ApiProblem.WriteAsync(context, context.Response.StatusCode, Sentence(context));
            }
        }
        catch (Refusal refusal) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, refusal);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ApiProblem.WriteAsync(context, bad.StatusCode, Sentence(context, bad.StatusCode));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left; there is nobody to answer.
        }
        catch (NpgsqlException exception) when (exception.IsTransient && !context.Response.HasStarted)
        {
            ApiLog.DatabaseAway(log, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", exception.Message);
            context.Response.Clear();
            await ApiProblem.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, "The hub cannot reach its database. Try again in a few seconds.", retryAfter: RetryAfterSeconds);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            ApiLog.Failed(log, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", context.TraceIdentifier, exception);
            context.Response.Clear();
            context.Response.Headers.CacheControl = "no-store";
            await ApiProblem.WriteAsync(context, StatusCodes.Status500InternalServerError, Sentence(context, StatusCodes.Status500InternalServerError));
        }
        catch (Exception exception)
        {
            // Half of an answer must not look like all of it.
            ApiLog.Failed(log, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", context.TraceIdentifier, exception);
            context.Abort();
        }
    }

    private static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var status = refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status400BadRequest,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        if (refusal.MissingScope is { } scope)
        {
            // RFC 6750, 3.1.
            context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        }

        var retryAfter = refusal.RetryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : (int?)null;
        return ApiProblem.WriteAsync(context, status, refusal.Message, refusal.Faults, retryAfter, refusal.ConflictsWith);
    }

    private static string Sentence(HttpContext context, int? status = null) => (status ?? context.Response.StatusCode) switch
    {
        StatusCodes.Status401Unauthorized => "Send an API key: Authorization: Bearer sk_… or X-API-Key.",
        StatusCodes.Status403Forbidden => "This credential may not do that.",
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here; the header Allow names what is.",
        StatusCodes.Status406NotAcceptable => "Ask for it with Accept: text/event-stream.",
        StatusCodes.Status413PayloadTooLarge => $"The request is too large; {ApiBody.MaxBytes / (1024 * 1024)} MiB is the most.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
        StatusCodes.Status500InternalServerError => $"The hub met an error. Give its operator the request id {context.TraceIdentifier}.",
        _ => "The request could not be understood.",
    };
}

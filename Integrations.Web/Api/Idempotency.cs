using System.Security.Cryptography;
using System.Text;
using Integrations.Core.Requests;
using Integrations.Core.Security;

namespace Integrations.Web.Api;

/// <summary>Marks an endpoint that creates, and so takes an <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotentMetadata;

/// <summary>Gives a repeated creating request the answer of the first one, for 24 hours.</summary>
internal sealed class Idempotency(RequestDelegate next, IdempotencyStore store)
{
    private const string Header = "Idempotency-Key";

    public async Task InvokeAsync(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || context.GetEndpoint()?.Metadata.GetMetadata<IdempotentMetadata>() is null || Caller.Find(context) is not { } caller)
        {
            await next(context);
            return;
        }

        if (key.Length > IdempotencyStore.MaxKeyLength || key.Any(character => character is < '!' or > '~'))
        {
            throw Refusal.Invalid(Header, $"{Header} must be 1 to {IdempotencyStore.MaxKeyLength} printable ASCII characters.");
        }

        var body = await ApiBody.ReadBytesAsync(context.Request, context.RequestAborted);
        context.Request.Body = new MemoryStream(body);
        var organization = caller.Actor.OrganizationId!.Value;
        var hash = Hash(context.Request, caller.Actor, body);
        if (await store.BeginAsync(caller.Actor, organization, key, hash, context.RequestAborted) is { } given)
        {
            await ReplayAsync(context, given);
            return;
        }

        await RunAsync(context, caller.Actor, organization, key);
    }

    private async Task RunAsync(HttpContext context, Actor actor, Guid organization, string key)
    {
        var answered = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        StoredAnswer? answer = null;
        try
        {
            await next(context);
            if (context.Response.StatusCode < 500)
            {
                answer = new StoredAnswer(
                    context.Response.StatusCode, Encoding.UTF8.GetString(buffer.ToArray()), context.Response.ContentType, context.Response.Headers.Location.ToString());
            }
        }
        finally
        {
            context.Response.Body = answered;
            // Also when the caller has left: the work is done, and a repetition must find its answer. A refused request may be mended and sent again.
            await store.EndAsync(actor, organization, key, answer, CancellationToken.None);
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(answered, context.RequestAborted);
    }

    private static Task ReplayAsync(HttpContext context, StoredAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers["Idempotent-Replayed"] = "true";
        if (answer.Location is { Length: > 0 } location)
        {
            context.Response.Headers.Location = location;
        }

        return context.Response.WriteAsync(answer.Body);
    }

    private static byte[] Hash(HttpRequest request, Actor actor, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{actor.Id}\n{request.Method}\n{request.Path}{request.QueryString}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}

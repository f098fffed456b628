using System.Text;

namespace Integrations.Sandbox.Webhooks;

internal static class ReceiverEndpoints
{
    public static void MapReceiver(this WebApplication app, WebhookReceiver receiver)
    {
        // Below a name too: hook URLs of Zapier, Make and n8n have parts of their own.
        app.Map("/receive/{name}/{**rest}", (HttpContext context, string name) => ReceiveAsync(context, receiver, name, app.Lifetime.ApplicationStopping));

        app.MapPut("/behaviour/{name}", (string name, BehaviourSetting setting) => Behave(receiver, name, setting));
        app.MapPut("/secret/{name}", (string name, SecretSetting setting) =>
        {
            receiver.ExpectSecret(name, setting.Secret);
            return Results.NoContent();
        });

        app.MapGet("/received/{name}", (string name) => Results.Ok(receiver.Received(name).Select(View)));
        app.MapGet("/received/{name}/count", (string name) => Results.Ok(new { count = receiver.Count(name) }));
        app.MapDelete("/received/{name}", (string name) =>
        {
            receiver.Clear(name);
            return Results.NoContent();
        });
    }

    private static async Task ReceiveAsync(HttpContext context, WebhookReceiver receiver, string name, CancellationToken stopping)
    {
        if (!TryReadAsked(context.Request, out var asked, out var fault))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(fault, context.RequestAborted);
            return;
        }

        var mailbox = receiver.Of(name);
        var request = mailbox.Verified(await ReadAsync(context));
        var behaviour = mailbox.Record(request, asked);
        await BehaviourAnswer.WriteAsync(context, behaviour, receiver.Time, stopping);
    }

    private static bool TryReadAsked(HttpRequest request, out Behaviour? asked, out string fault)
    {
        asked = null;
        fault = "";
        if (request.Query["behave"].ToString() is not { Length: > 0 } text)
        {
            return true;
        }

        try
        {
            asked = Behaviour.Parse(text);
            return true;
        }
        catch (FormatException e)
        {
            fault = e.Message;
            return false;
        }
    }

    private static async Task<ReceivedRequest> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        return new ReceivedRequest(
            Number: 0,
            ReceivedAt: default,
            Remote: $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}",
            request.Method,
            request.Path,
            request.QueryString.ToString(),
            [.. request.Headers.SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value ?? ""))],
            body.ToArray(),
            Answer: "",
            HexValid: null,
            StandardValid: null);
    }

    private static IResult Behave(WebhookReceiver receiver, string name, BehaviourSetting setting)
    {
        try
        {
            receiver.Behave(name, setting.Behaviour);
            return Results.NoContent();
        }
        catch (FormatException e)
        {
            return Results.BadRequest(new { error = e.Message });
        }
    }

    private static object View(ReceivedRequest request) => new
    {
        request.Number,
        request.ReceivedAt,
        request.Remote,
        request.Method,
        request.Path,
        request.Query,
        Headers = request.Headers
            .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(header => header.Key, header => string.Join(",", header.Select(one => one.Value)), StringComparer.OrdinalIgnoreCase),
        Body = Encoding.UTF8.GetString(request.Body.Span),
        BodyBase64 = Convert.ToBase64String(request.Body.Span),
        request.Answer,
        request.HexValid,
        request.StandardValid,
    };

    private sealed record BehaviourSetting(string Behaviour);

    private sealed record SecretSetting(string? Secret);
}

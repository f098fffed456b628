using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Api;
using Microsoft.Net.Http.Headers;

namespace Integrations.Web.Webhooks;

/// <summary>A try as the live view tells it.</summary>
internal sealed record TailResource(string Id, string DeliveryId, string EventType, int Number, DateTimeOffset StartedAt, AttemptOutcome Outcome, int? ResponseStatus, double Milliseconds)
{
    public static TailResource From(TailRow row) => new(
        PublicId.Format(PublicId.Attempt, row.AttemptId), PublicId.Format(PublicId.Delivery, row.DeliveryId), row.EventType, row.Number, row.StartedAt, row.Outcome, row.ResponseStatus,
        row.TotalMicroseconds / 1000.0);
}

/// <summary>The live view over REST: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal static class TailApi
{
    private const string ContentType = "text/event-stream";
    private const int MaxRows = 100;

    // Each reads at every change, so this node holds only so many open.
    private const int MaxOpen = 20;
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(15);

    // A key that was revoked meanwhile is noticed when its program comes again.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);
    private static int _open;

    public static void MapTail(this RouteGroupBuilder webhooks) => webhooks.MapGet("/{id}/tail", Follow).Produces<TailResource>(StatusCodes.Status200OK, ContentType)
        .WithSummary("Follow the tries of an endpoint as they are made").WithDescription(
            "Server-sent events: attempt for each try that ends, idle every 15 seconds without one. The stream ends after five minutes; ask again then. Send Accept: text/event-stream.");

    private static async Task<IResult> Follow(
        string id, Caller caller, HttpContext context, WebhookQueries webhooks, DeliveryTail tail, IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellationToken)
    {
        var endpoint = WebhooksApi.EndpointId(id);
        await webhooks.GetAsync(caller.Actor, endpoint, cancellationToken);
        if (!context.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase)))
        {
            return Results.StatusCode(StatusCodes.Status406NotAcceptable);
        }

        if (Interlocked.Increment(ref _open) > MaxOpen)
        {
            Interlocked.Decrement(ref _open);
            throw Refusal.TooMany($"{MaxOpen} live views are open already.", _idle);
        }

        return TypedResults.ServerSentEvents(StreamAsync(caller.Actor, endpoint, tail, lifetime, time, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<TailResource?>> StreamAsync(
        Actor actor, Guid endpoint, DeliveryTail tail, IHostApplicationLifetime lifetime, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource longest = new(_longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token, lifetime.ApplicationStopping);
        var told = 0L;
        var lots = tail.FollowAsync(actor, endpoint, MaxRows, _idle, end.Token).GetAsyncEnumerator(end.Token);
        try
        {
            while (await MoveNextAsync(lots))
            {
                foreach (var row in lots.Current)
                {
                    told = time.GetTimestamp();
                    yield return new SseItem<TailResource?>(TailResource.From(row), "attempt") { EventId = PublicId.Format(PublicId.Attempt, row.AttemptId) };
                }

                // The first one shows that the view is open.
                if (told == 0 || time.GetElapsedTime(told) >= _idle)
                {
                    told = time.GetTimestamp();
                    yield return new SseItem<TailResource?>(null, "idle");
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            await lots.DisposeAsync();
        }
    }

    // That it ends is no fault.
    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<IReadOnlyList<TailRow>> lots)
    {
        try
        {
            return await lots.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

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

/// <summary>How many live views are open over REST: each reads at every change, so a node holds only so many, and an organization only a part of those.</summary>
internal sealed class OpenTails
{
    private const int Most = 20;
    private const int MostOfOne = 4;
    private readonly Dictionary<Guid, int> _open = [];

    /// <returns>What ends the view; null when it may not be opened.</returns>
    public IDisposable? TryOpen(Guid organization)
    {
        lock (_open)
        {
            var own = _open.GetValueOrDefault(organization);
            if (own >= MostOfOne || _open.Values.Sum() >= Most)
            {
                return null;
            }

            _open[organization] = own + 1;
            return new Slot(this, organization);
        }
    }

    private void Close(Guid organization)
    {
        lock (_open)
        {
            if (--_open[organization] == 0)
            {
                _open.Remove(organization);
            }
        }
    }

    private sealed class Slot(OpenTails tails, Guid organization) : IDisposable
    {
        private bool _closed;

        public void Dispose()
        {
            if (!_closed)
            {
                _closed = true;
                tails.Close(organization);
            }
        }
    }
}

/// <summary>The live view over REST: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal static class TailApi
{
    private const string ContentType = "text/event-stream";
    private const int MaxRows = 100;
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(15);

    // A key that was revoked meanwhile is noticed when its program comes again.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);

    public static void MapTail(this RouteGroupBuilder webhooks) => webhooks.MapGet("/{id}/tail", Follow)
        .Produces<TailResource>(StatusCodes.Status200OK, ContentType).Produces<ApiProblem>(StatusCodes.Status406NotAcceptable, ApiProblem.ContentType)
        .WithSummary("Follow the tries of an endpoint as they are made").WithDescription(
            $"Server-sent events: attempt for each try that ends (of more than {MaxRows} at once the newest), idle every 15 seconds without one. The stream ends after five minutes; ask again then. What was tried in between is among the deliveries.");

    private static async Task<IResult> Follow(
        string id, Caller caller, HttpContext context, WebhookQueries webhooks, DeliveryTail tail, OpenTails tails, IHostApplicationLifetime lifetime, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var endpoint = WebhooksApi.EndpointId(id);
        await webhooks.GetAsync(caller.Actor, endpoint, cancellationToken);
        if (!context.Request.GetTypedHeaders().Accept.Any(accepted => new MediaTypeHeaderValue(ContentType).IsSubsetOf(accepted)))
        {
            return Results.StatusCode(StatusCodes.Status406NotAcceptable);
        }

        context.Response.RegisterForDispose(tails.TryOpen(caller.Actor.OrganizationId!.Value) ?? throw Refusal.TooMany("As many live views as may be are open already.", _idle));
        // Proxies would keep it until they have a bufferful.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(StreamAsync(caller.Actor, endpoint, tail, lifetime, time, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<TailResource?>> StreamAsync(
        Actor actor, Guid endpoint, DeliveryTail tail, IHostApplicationLifetime lifetime, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource longest = new(_longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token, lifetime.ApplicationStopping);
        var told = 0L;
        await using var lots = tail.FollowAsync(actor, endpoint, MaxRows, _idle, end.Token).GetAsyncEnumerator(end.Token);
        while (await MoveNextAsync(lots))
        {
            foreach (var row in lots.Current)
            {
                told = time.GetTimestamp();
                yield return new SseItem<TailResource?>(TailResource.From(row), "attempt");
            }

            // The first one shows that the view is open.
            if (told == 0 || time.GetElapsedTime(told) >= _idle)
            {
                told = time.GetTimestamp();
                yield return new SseItem<TailResource?>(null, "idle");
            }
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

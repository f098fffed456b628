using System.Text.Json;
using Integrations.Core.Audit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Counts how many deliveries of an endpoint used up their tries in a row, in the transaction that writes the outcomes: warns with an event, switches the endpoint
/// off when it goes on, and tells when it is well again.
/// </summary>
internal sealed class EndpointHealth(EventPublisher publisher, AuditLog audit, TimeProvider time)
{
    private const string Dispatcher = "webhook dispatcher";
    private const string DisabledEvent = "webhook.endpoint.disabled";

    // Only what the URL that is set now did counts: answers of one that was changed meanwhile say nothing of it.
    private const string FailuresSql =
        """
        UPDATE "WebhookEndpoints" SET "ConsecutiveFailures" = "ConsecutiveFailures" + $1, "HasToldOfFailure" = "HasToldOfFailure" OR "ConsecutiveFailures" + $1 >= $4
        WHERE "Id" = $2 AND "Url" = $3 RETURNING "ConsecutiveFailures"
        """;

    // Of two nodes that see the end of a row, one finds what it read. One that is off is not well yet, whatever a test says.
    private const string SuccessSql =
        """
        UPDATE "WebhookEndpoints" SET "ConsecutiveFailures" = 0, "HasToldOfFailure" = "HasToldOfFailure" AND NOT "IsActive"
        WHERE "Id" = $1 AND "ConsecutiveFailures" = $2 AND ("HasToldOfFailure" AND "IsActive") = ($3 = 1)
        """;

    private const string OpenSql = """SELECT "Id" FROM "WebhookDeliveries" WHERE "Id" = $1 AND "AttemptCount" = $2 AND "NextAttemptAt" IS NOT NULL""";

    private const string DisableSql =
        """
        UPDATE "WebhookEndpoints" SET "IsActive" = FALSE, "DisabledAt" = $1, "DisabledReason" = $2, "CircuitOpenUntil" = NULL, "HasToldOfFailure" = TRUE
        WHERE "Id" = $3 AND "Url" = $4 AND "IsActive" AND "DeletedAt" IS NULL
        """;

    private const string StampSql = """UPDATE "Organizations" SET "WebhooksStamp" = $1 WHERE "Id" = $2""";

    /// <summary>
    /// Which failures count: those of deliveries of which no outcome of this try is written. One that another node tried too counts once, and so does a lot that is
    /// written again because nobody knows if it was written.
    /// </summary>
    public static async ValueTask<IReadOnlySet<Guid>> CountedAsync(WriteSession session, IReadOnlyList<DeliveryOutcome> outcomes)
    {
        var failures = outcomes.Where(outcome => outcome.IsCountedFailure || outcome.IsGone).Select(outcome => outcome.Delivery).ToList();
        var open = await session.QueryManyAsync(OpenSql, failures, (bind, delivery) => bind.Add(delivery.Id).Add((long)delivery.AttemptCount), (row, _) => row.Guid());
        return open.ToHashSet();
    }

    public async ValueTask CountAsync(WriteSession session, IReadOnlyList<DeliveryOutcome> outcomes, IReadOnlySet<Guid> counted)
    {
        // In one order on all nodes, so that none waits for another in a circle.
        var endpoints = outcomes.GroupBy(outcome => outcome.Delivery.EndpointId).OrderBy(group => group.Key).ToList();
        var failing = await FailingAsync(session, [.. endpoints.Select(group => group.Key)]);
        List<EndpointNews> news = [];
        foreach (var group in endpoints)
        {
            var (failures, succeeded) = Summarize(group, counted);
            if (succeeded && failing.TryGetValue(group.Key, out var before))
            {
                var ended = await session.ExecuteAsync(SuccessSql, bind => bind.Add(group.Key).Add((long)before.Failures).Add(before.IsTold ? 1L : 0L)) > 0;
                session.SignalAfterCommit(new HubSignal(HubSignalKind.EndpointsChanged, group.First().Delivery.OrganizationId));
                if (ended && before.IsTold)
                {
                    news.Add(new EndpointNews("webhook.endpoint.recovered", group.Last(), 0, "The endpoint accepted a delivery."));
                }
            }

            if (failures > 0)
            {
                await FailAsync(session, group.Last(outcome => outcome.IsCountedFailure), failures, news);
            }

            if (group.LastOrDefault(outcome => outcome.IsGone && counted.Contains(outcome.Delivery.Id)) is { } gone)
            {
                await DisableAsync(session, gone, "The endpoint answered 410 Gone, which says that it will not come back.", failures, news);
            }
        }

        await TellAsync(session, news);
    }

    // Failures after the last success of a lot.
    private static (int Failures, bool Succeeded) Summarize(IEnumerable<DeliveryOutcome> outcomes, IReadOnlySet<Guid> counted)
    {
        var (failures, succeeded) = (0, false);
        foreach (var outcome in outcomes)
        {
            if (outcome.Status == DeliveryStatus.Delivered)
            {
                (failures, succeeded) = (0, true);
            }
            else if (outcome.IsCountedFailure && counted.Contains(outcome.Delivery.Id))
            {
                failures++;
            }
        }

        return (failures, succeeded);
    }

    private static async ValueTask<Dictionary<Guid, (int Failures, bool IsTold)>> FailingAsync(WriteSession session, List<Guid> ids)
    {
        // A few lengths of the list only, so that the statements can be kept: the last id stands in the places that are left.
        var places = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ids.Count);
        var list = string.Join(", ", Enumerable.Range(1, places).Select(place => $"${place}"));
        var rows = await session.QueryAsync(
            $"""
             SELECT "Id", "ConsecutiveFailures", CASE WHEN "HasToldOfFailure" AND "IsActive" THEN 1 ELSE 0 END FROM "WebhookEndpoints"
             WHERE "Id" IN ({list}) AND ("ConsecutiveFailures" > 0 OR "HasToldOfFailure" AND "IsActive")
             """,
            bind =>
            {
                for (var place = 0; place < places; place++)
                {
                    bind.Add(ids[Math.Min(place, ids.Count - 1)]);
                }
            },
            row => (Id: row.Guid(), Failing: (row.Int32(), row.Int32() == 1)));
        return rows.ToDictionary(row => row.Id, row => row.Failing);
    }

    private async ValueTask FailAsync(WriteSession session, DeliveryOutcome last, int failures, List<EndpointNews> news)
    {
        var counted = await session.QueryAsync(
            FailuresSql,
            bind => bind.Add((long)failures).Add(last.Delivery.EndpointId).Add(last.Endpoint.Url.OriginalString).Add((long)WebhookLimits.FailuresToWarn),
            row => row.Int32());
        if (counted.Count == 0)
        {
            return;
        }

        var now = counted[0];
        session.SignalAfterCommit(new HubSignal(HubSignalKind.EndpointsChanged, last.Delivery.OrganizationId));
        if (now >= WebhookLimits.FailuresToWarn && now - failures < WebhookLimits.FailuresToWarn)
        {
            news.Add(new EndpointNews("webhook.endpoint.failing", last, now, last.Error));
        }

        if (now >= WebhookLimits.FailuresToSwitchOff)
        {
            await DisableAsync(session, last, $"{now} deliveries in a row used up their tries. The last: {last.Error}", now, news);
        }
    }

    private async ValueTask DisableAsync(WriteSession session, DeliveryOutcome cause, string reason, int failures, List<EndpointNews> news)
    {
        var (organization, endpoint) = (cause.Delivery.OrganizationId, cause.Delivery.EndpointId);
        reason = reason.Length > WebhookOptions.MaxReasonLength ? reason[..WebhookOptions.MaxReasonLength] : reason;
        if (await session.ExecuteAsync(DisableSql, bind => bind.Add(time.GetUtcNow()).Add(reason).Add(endpoint).Add(cause.Endpoint.Url.OriginalString)) == 0)
        {
            return;
        }

        var url = cause.Endpoint.Url.OriginalString;
        await audit.AddAsync(
            session, Actor.System(Dispatcher, organization), organization, "webhook.disabled", PublicId.Format(PublicId.WebhookEndpoint, endpoint), url, new { IsActive = true }, new { IsActive = false, Reason = reason });
        news.Add(new EndpointNews(DisabledEvent, cause, failures, reason));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.EndpointsChanged, organization));
    }

    // Once all endpoints are written: those who save an endpoint lock its row before the organization's too, and who publishes reads the new stamp with the new list.
    private async ValueTask TellAsync(WriteSession session, List<EndpointNews> news)
    {
        foreach (var organization in news.Where(item => item.Type == DisabledEvent).Select(item => item.Outcome.Delivery.OrganizationId).Distinct().Order())
        {
            await session.ExecuteAsync(StampSql, bind => bind.Add(Random.Shared.NextInt64()).Add(organization));
        }

        foreach (var (type, outcome, failures, reason) in news)
        {
            var data = JsonSerializer.SerializeToUtf8Bytes(new { endpointId = outcome.Endpoint.PublicId, url = outcome.Endpoint.Url.OriginalString, consecutiveFailures = failures, reason });
            await publisher.PublishAsync(session, outcome.Delivery.OrganizationId, Dispatcher, new NewEvent(type, data));
        }
    }

    /// <summary>An event about an endpoint, still to be published.</summary>
    private sealed record EndpointNews(string Type, DeliveryOutcome Outcome, int Failures, string? Reason);
}

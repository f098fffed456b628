using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Writes what tries came to: the attempts, the deliveries, whose turn is next of an ordering key, and how the endpoints fare; all or nothing.</summary>
internal sealed class OutcomeStore(IGroupWriter writer, EndpointHealth health, DeliveriesUnderWay underWay, DatabaseClock clock, TimeProvider time)
{
    private const string AttemptSql =
        """
        INSERT INTO "WebhookAttempts" ("Id", "OrganizationId", "DeliveryId", "Number", "StartedAt", "Outcome", "Error", "RequestHeaders", "ResponseStatus",
          "ResponseHeaders", "ResponseBody", "ResponseBodyCut", "RemoteAddress", "ConnectionReused", "DnsMicroseconds", "ConnectMicroseconds", "TlsMicroseconds",
          "FirstByteMicroseconds", "TotalMicroseconds", "Url")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 = 1, $13, $14 = 1, $15, $16, $17, $18, $19, $20)
        """;

    // For PostgreSQL an insert that may conflict costs a third more.
    private const string AttemptAgainSql = AttemptSql + """ ON CONFLICT ("Id") DO NOTHING""";

    // The first outcome of a try counts: another node may have made it too, or the same may be written twice when a commit broke. What somebody ended meanwhile stays
    // ended, unless it was delivered after all.
    private const string OutcomeSql =
        """
        UPDATE "WebhookDeliveries" SET "AttemptCount" = $1, "PlanStep" = $2, "ResponseStatus" = CASE WHEN $3 = 1 THEN $4 ELSE "ResponseStatus" END,
          "Status" = CASE WHEN "NextAttemptAt" IS NOT NULL OR $5 = 3 THEN $5 ELSE "Status" END,
          "CompletedAt" = CASE WHEN "NextAttemptAt" IS NOT NULL OR $5 = 3 THEN $6 ELSE "CompletedAt" END,
          "Error" = CASE WHEN "NextAttemptAt" IS NOT NULL OR $5 = 3 THEN $7 ELSE "Error" END,
          "IsBlocking" = CASE WHEN "NextAttemptAt" IS NOT NULL OR $5 = 3 THEN $8 = 1 ELSE "IsBlocking" END,
          "NextAttemptAt" = CASE WHEN "NextAttemptAt" IS NOT NULL THEN $9 END
        WHERE "Id" = $10 AND "AttemptCount" = $11
        """;

    /// <param name="again">Whether they may be written already, because an earlier try broke and nobody knows how far it came.</param>
    public Task WriteAsync(IReadOnlyList<DeliveryOutcome> outcomes, bool again, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var turns = outcomes.Where(outcome => outcome.EndsTurn).ToList();
            await OrderedKeys.LockAsync(session, turns.Select(outcome => (outcome.Delivery.EndpointId, outcome.Delivery.OrderingKey!)));
            var counted = await EndpointHealth.CountedAsync(session, outcomes);
            await session.ExecuteManyAsync(again ? AttemptAgainSql : AttemptSql, [.. outcomes.Where(outcome => outcome.Attempt is not null)], static (bind, outcome) => Bind(bind, outcome));
            await session.ExecuteManyAsync(OutcomeSql, outcomes, (bind, outcome) => bind
                .Add((long)outcome.Delivery.AttemptCount + (outcome.Attempt is null ? 0 : 1))
                .Add((long)outcome.PlanStep)
                .Add(outcome.Attempt is null ? 0L : 1L)
                .Add((long?)outcome.Attempt?.ResponseStatus)
                .Add((long)outcome.Status)
                .Add(outcome.NextAttemptAt is null ? time.GetUtcNow() : (DateTimeOffset?)null)
                .Add(outcome.Error)
                .Add(outcome.Blocks ? 1L : 0L)
                .Add(outcome.NextAttemptAt)
                .Add(outcome.Delivery.Id)
                .Add((long)outcome.Delivery.AttemptCount));
            foreach (var turn in turns)
            {
                await OrderedKeys.ReleaseAsync(session, turn.Endpoint.Order, turn.Delivery.OrderingKey!, clock.UtcNow);
            }

            await health.CountAsync(session, outcomes, counted);
            foreach (var organization in outcomes.Select(outcome => outcome.Delivery.OrganizationId).Distinct())
            {
                session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organization));
                if (turns.Count > 0)
                {
                    session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organization));
                }
            }

            foreach (var outcome in outcomes)
            {
                underWay.BeforeCommit(outcome.Delivery.Id);
            }

            return true;
        },
        cancellationToken);

    private static void Bind(ParameterBinder bind, DeliveryOutcome outcome)
    {
        var attempt = outcome.Attempt!;
        bind.Add(attempt.Id).Add(outcome.Delivery.OrganizationId).Add(outcome.Delivery.Id).Add((long)outcome.Delivery.AttemptCount + 1)
            .Add(attempt.StartedAt).Add((long)attempt.Outcome).Add(attempt.Error).Add(attempt.RequestHeaders).Add((long?)attempt.ResponseStatus)
            .Add(attempt.ResponseHeaders).Add(attempt.ResponseBody).Add(attempt.ResponseBodyCut ? 1L : 0L)
            .Add(attempt.Connection.RemoteAddress).Add(attempt.Connection.IsReused ? 1L : 0L)
            .Add(Microseconds(attempt.Connection.Dns)).Add(Microseconds(attempt.Connection.Connect)).Add(Microseconds(attempt.Connection.Tls))
            .Add(Microseconds(attempt.FirstByte)).Add((long)attempt.Total.TotalMicroseconds).Add(outcome.Endpoint.Url.OriginalString);
    }

    private static long? Microseconds(TimeSpan? time) => time is { } span ? (long)span.TotalMicroseconds : null;
}

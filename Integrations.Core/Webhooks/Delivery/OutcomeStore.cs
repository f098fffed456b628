using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Writes what tries came to: the attempts, the deliveries, whose turn is next of an ordering key, and how the endpoints fare; all or nothing.</summary>
internal sealed class OutcomeStore(IGroupWriter writer, EndpointHealth health, DatabaseClock clock, TimeProvider time)
{
    private const string AttemptSql =
        """
        INSERT INTO "WebhookAttempts" ("Id", "OrganizationId", "DeliveryId", "Number", "StartedAt", "Outcome", "Error", "RequestHeaders", "ResponseStatus",
          "ResponseHeaders", "ResponseBody", "ResponseBodyCut", "RemoteAddress", "ConnectionReused", "DnsMicroseconds", "ConnectMicroseconds", "TlsMicroseconds",
          "FirstByteMicroseconds", "TotalMicroseconds")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 = 1, $13, $14 = 1, $15, $16, $17, $18, $19)
        """;

    // Only while the lease is still ours: when it ran out, another node may have taken the delivery, and its word counts.
    private const string OutcomeSql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = $1, "AttemptCount" = $2, "PlanStep" = $3, "NextAttemptAt" = $4, "CompletedAt" = $5,
          "ResponseStatus" = CASE WHEN $6 = 1 THEN $7 ELSE "ResponseStatus" END, "Error" = $8, "IsBlocking" = ($9 = 1), "LeaseOwner" = NULL
        WHERE "Id" = $10 AND "LeaseOwner" = $11
        """;

    public Task WriteAsync(string owner, IReadOnlyList<DeliveryOutcome> outcomes, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var turns = outcomes.Where(outcome => outcome.EndsTurn).ToList();
            await OrderedKeys.LockAsync(session, turns.Select(outcome => (outcome.Delivery.EndpointId, outcome.Delivery.OrderingKey!)));
            var counted = await EndpointHealth.CountedAsync(session, owner, outcomes);
            await session.ExecuteManyAsync(AttemptSql, [.. outcomes.Where(outcome => outcome.Attempt is not null)], static (bind, outcome) => Bind(bind, outcome));
            await session.ExecuteManyAsync(OutcomeSql, outcomes, (bind, outcome) => bind
                .Add((long)outcome.Status)
                .Add((long)outcome.Delivery.AttemptCount + (outcome.Attempt is null ? 0 : 1))
                .Add((long)outcome.PlanStep)
                .Add(outcome.NextAttemptAt)
                .Add(outcome.NextAttemptAt is null ? time.GetUtcNow() : (DateTimeOffset?)null)
                .Add(outcome.Attempt is null ? 0L : 1L)
                .Add((long?)outcome.Attempt?.ResponseStatus)
                .Add(outcome.Error)
                .Add(outcome.Blocks ? 1L : 0L)
                .Add(outcome.Delivery.Id)
                .Add(owner));
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

            return true;
        },
        cancellationToken);

    private static void Bind(ParameterBinder bind, DeliveryOutcome outcome)
    {
        var attempt = outcome.Attempt!;
        bind.Add(TimeOrderedId.New(attempt.StartedAt)).Add(outcome.Delivery.OrganizationId).Add(outcome.Delivery.Id).Add((long)outcome.Delivery.AttemptCount + 1)
            .Add(attempt.StartedAt).Add((long)attempt.Outcome).Add(attempt.Error).Add(attempt.RequestHeaders).Add((long?)attempt.ResponseStatus)
            .Add(attempt.ResponseHeaders).Add(attempt.ResponseBody).Add(attempt.ResponseBodyCut ? 1L : 0L)
            .Add(attempt.Connection?.RemoteAddress).Add(attempt.Connection is null && attempt.FirstByte is not null ? 1L : 0L)
            .Add(Microseconds(attempt.Connection?.Dns)).Add(Microseconds(attempt.Connection?.Connect)).Add(Microseconds(attempt.Connection?.Tls))
            .Add(Microseconds(attempt.FirstByte)).Add((long)attempt.Total.TotalMicroseconds);
    }

    private static long? Microseconds(TimeSpan? time) => time is { } span ? (long)span.TotalMicroseconds : null;
}

using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>An endpoint with deliveries that are due, now or later.</summary>
internal sealed record DueEndpoint(Guid EndpointId, DateTimeOffset NextAttemptAt);

/// <summary>What the dispatcher writes about a delivery after a try.</summary>
internal sealed record DeliveryOutcome(ClaimedDelivery Delivery, AttemptResult? Attempt, DeliveryStatus Status, int PlanStep, DateTimeOffset? NextAttemptAt, string? Error);

/// <summary>The delivery queue in the database: what is due, claiming it in lots with a lease, and writing outcomes in lots.</summary>
internal sealed class DeliveryQueue(IGroupWriter writer, DatabaseClock clock, TimeProvider time)
{
    // Hops from endpoint to endpoint over the partial index, so that the cost grows with the endpoints and not with the deliveries that wait.
    private const string DueSql =
        """
        WITH RECURSIVE due("EndpointId") AS (
          SELECT * FROM (SELECT "EndpointId" FROM "WebhookDeliveries" WHERE "NextAttemptAt" IS NOT NULL ORDER BY "EndpointId" LIMIT 1) AS first
          UNION ALL
          SELECT (SELECT d."EndpointId" FROM "WebhookDeliveries" d WHERE d."NextAttemptAt" IS NOT NULL AND d."EndpointId" > due."EndpointId" ORDER BY d."EndpointId" LIMIT 1)
          FROM due WHERE due."EndpointId" IS NOT NULL)
        SELECT due."EndpointId",
          (SELECT d."NextAttemptAt" FROM "WebhookDeliveries" d WHERE d."EndpointId" = due."EndpointId" AND d."NextAttemptAt" IS NOT NULL ORDER BY d."NextAttemptAt" LIMIT 1)
        FROM due WHERE due."EndpointId" IS NOT NULL
        """;

    private const string ClaimSql =
        """
        UPDATE "WebhookDeliveries" SET "LeaseOwner" = $1, "NextAttemptAt" = $2
        WHERE "Id" IN (
          SELECT "Id" FROM "WebhookDeliveries" WHERE "EndpointId" = $3 AND "NextAttemptAt" IS NOT NULL AND "NextAttemptAt" <= $4
          ORDER BY "NextAttemptAt" LIMIT $5
        """;

    // The lease's end is another millisecond for each claim, so that it names the lot within the endpoint.
    private const string LoadSql =
        """
        SELECT d."Id", d."OrganizationId", d."EventId", e."ExternalId", d."EventType", e."Timestamp", e."Data", d."Trigger", d."AttemptCount", d."PlanStep"
        FROM "WebhookDeliveries" d LEFT JOIN "Events" e ON e."Id" = d."EventId"
        WHERE d."EndpointId" = $1 AND d."NextAttemptAt" = $2 AND d."LeaseOwner" = $3
        """;

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
          "ResponseStatus" = CASE WHEN $6 = 1 THEN $7 ELSE "ResponseStatus" END, "Error" = $8, "LeaseOwner" = NULL
        WHERE "Id" = $9 AND "LeaseOwner" = $10
        """;

    private const string ReleaseSql =
        """
        UPDATE "WebhookDeliveries" SET "LeaseOwner" = NULL, "NextAttemptAt" = $1 WHERE "Id" = $2 AND "LeaseOwner" = $3
        """;

    private const string ReleaseAllSql =
        """
        UPDATE "WebhookDeliveries" SET "LeaseOwner" = NULL, "NextAttemptAt" = $1 WHERE "LeaseOwner" IS NOT NULL AND "NextAttemptAt" IS NOT NULL
        """;

    private long _lastLeaseEnd;

    /// <summary>Sets the clock by the database's, where that is another machine's.</summary>
    public Task SetClockAsync(CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            if (session.NowSql is { } sql)
            {
                clock.Set((await session.QueryAsync(sql, static _ => { }, static row => row.Time()))[0]);
            }

            return true;
        },
        cancellationToken);

    public Task<List<DueEndpoint>> FindDueAsync(CancellationToken cancellationToken) => writer.WriteAsync(
        session => session.QueryAsync(DueSql, static _ => { }, static row => new DueEndpoint(row.Guid(), row.Time())), cancellationToken);

    /// <param name="wanted">For each endpoint, how many deliveries to claim at most.</param>
    public Task<List<ClaimedDelivery>> ClaimAsync(
        string owner, TimeSpan lease, IReadOnlyCollection<(Guid EndpointId, int Count)> wanted, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async session =>
            {
                List<ClaimedDelivery> claimed = [];
                var now = clock.UtcNow;
                var claimSql = $"{ClaimSql} {session.ForUpdateSkipLocked})";
                foreach (var (endpoint, count) in wanted)
                {
                    var leaseEnd = NextLeaseEnd(now + lease);
                    if (await session.ExecuteAsync(claimSql, bind => bind.Add(owner).Add(leaseEnd).Add(endpoint).Add(now).Add((long)count)) > 0)
                    {
                        claimed.AddRange(await session.QueryAsync(
                            LoadSql,
                            bind => bind.Add(endpoint).Add(leaseEnd).Add(owner),
                            row => Read(row, endpoint, leaseEnd)));
                    }
                }

                return claimed;
            },
            cancellationToken);

    public Task WriteOutcomesAsync(string owner, IReadOnlyList<DeliveryOutcome> outcomes, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
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
                .Add(outcome.Delivery.Id)
                .Add(owner));
            foreach (var organization in outcomes.Select(outcome => outcome.Delivery.OrganizationId).Distinct())
            {
                session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organization));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Gives deliveries back that were claimed and not tried.</summary>
    public Task ReleaseAsync(string owner, IReadOnlyList<ClaimedDelivery> deliveries, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var now = clock.UtcNow;
            await session.ExecuteManyAsync(ReleaseSql, deliveries, (bind, delivery) => bind.Add(now).Add(delivery.Id).Add(owner));
            return true;
        },
        cancellationToken);

    /// <summary>Gives back what a hub that was killed held. Only where no other node can hold anything.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) => writer.WriteAsync(
        session => session.ExecuteAsync(ReleaseAllSql, bind => bind.Add(clock.UtcNow)), cancellationToken);

    private DateTimeOffset NextLeaseEnd(DateTimeOffset earliest)
    {
        _lastLeaseEnd = Math.Max(earliest.ToUnixTimeMilliseconds(), _lastLeaseEnd + 1);
        return DateTimeOffset.FromUnixTimeMilliseconds(_lastLeaseEnd);
    }

    private static ClaimedDelivery Read(RowReader row, Guid endpoint, DateTimeOffset leaseEnd)
    {
        var id = row.Guid();
        var organization = row.Guid();
        var eventId = row.Guid();
        return new ClaimedDelivery(
            id, organization, endpoint, eventId, row.NullableText() ?? PublicId.Format(PublicId.Event, eventId), row.Text(), row.NullableTime() ?? default, row.NullableBytes(),
            (DeliveryTrigger)row.Int32(), row.Int32(), row.Int32(), leaseEnd);
    }

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

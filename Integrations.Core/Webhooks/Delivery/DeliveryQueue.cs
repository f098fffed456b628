using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>An endpoint with deliveries that are due, now or later.</summary>
internal sealed record DueEndpoint(Guid EndpointId, DateTimeOffset NextAttemptAt)
{
    /// <summary>Tests are due from the beginning of time, so that they pass by all else.</summary>
    public bool HasTest => NextAttemptAt == DateTimeOffset.UnixEpoch;
}

/// <summary>The delivery queue in the database: what is due, and claiming it in lots with a lease.</summary>
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
        SELECT d."Id", d."OrganizationId", d."EventId", e."ExternalId", d."EventType", e."Timestamp", e."Data", d."Trigger", d."AttemptCount", d."PlanStep", d."OrderingKey"
        FROM "WebhookDeliveries" d LEFT JOIN "Events" e ON e."Id" = d."EventId"
        WHERE d."EndpointId" = $1 AND d."NextAttemptAt" = $2 AND d."LeaseOwner" = $3
        """;

    private const string ServeSql =
        """
        UPDATE "WebhookEndpoints" SET "ServedBy" = $1, "ServedUntil" = $2
        WHERE "Id" = $3 AND ("ServedBy" IS NULL OR "ServedBy" = $1 OR "ServedUntil" <= $4)
        """;

    private const string EndServingSql = """UPDATE "WebhookEndpoints" SET "ServedBy" = NULL, "ServedUntil" = NULL WHERE "ServedBy" = $1""";

    private const string CircuitSql = """UPDATE "WebhookEndpoints" SET "CircuitOpenUntil" = $1 WHERE "Id" = $2""";

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
        string owner, TimeSpan lease, IReadOnlyCollection<ClaimOrder> wanted, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async session =>
            {
                var now = clock.UtcNow;
                List<Claim> claims = new(wanted.Count);
                foreach (var order in wanted)
                {
                    Claim claim = new(order.EndpointId, order.Count, NextLeaseEnd(now + lease));
                    // Where another node serves the endpoint, all that it claimed ends before its time does.
                    if (!order.NeedsOneNode || !session.HasOtherNodes || await ServeAsync(session, owner, claim, now))
                    {
                        claims.Add(claim);
                    }
                }

                await session.ExecuteManyAsync(
                    $"{ClaimSql} {session.ForUpdateSkipLocked})", claims, (bind, claim) => bind.Add(owner).Add(claim.LeaseEnd).Add(claim.EndpointId).Add(now).Add((long)claim.Count));
                return await session.QueryManyAsync(
                    LoadSql, claims, (bind, claim) => bind.Add(claim.EndpointId).Add(claim.LeaseEnd).Add(owner), (row, claim) => Read(row, claim.EndpointId, claim.LeaseEnd));
            },
            cancellationToken);

    /// <summary>Writes down that an endpoint's circuit opened or closed, for the pages and for a node that takes over.</summary>
    public Task WriteCircuitAsync(EndpointSettings endpoint, DateTimeOffset? openUntil, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(CircuitSql, bind => bind.Add(openUntil).Add(endpoint.Id));
            session.SignalAfterCommit(new HubSignal(HubSignalKind.EndpointsChanged, endpoint.OrganizationId));
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

    /// <summary>Lets those go that wait for an earlier one of their key which is no more.</summary>
    /// <param name="age">How old they are at least.</param>
    public Task ReleaseForgottenAsync(TimeSpan age, CancellationToken cancellationToken) => writer.WriteAsync(
        session => ParkedDeliveries.ReleaseForgottenAsync(session, clock.UtcNow, time.GetUtcNow() - age), cancellationToken);

    /// <summary>Lets other nodes serve at once what this one served.</summary>
    public Task EndServingAsync(string owner, CancellationToken cancellationToken) => writer.WriteAsync(
        session => session.ExecuteAsync(EndServingSql, bind => bind.Add(owner)), cancellationToken);

    /// <summary>Gives back what a hub that was killed held. Only where no other node can hold anything.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) => writer.WriteAsync(
        session => session.ExecuteAsync(ReleaseAllSql, bind => bind.Add(clock.UtcNow)), cancellationToken);

    private static async ValueTask<bool> ServeAsync(WriteSession session, string owner, Claim claim, DateTimeOffset now) =>
        await session.ExecuteAsync(ServeSql, bind => bind.Add(owner).Add(claim.LeaseEnd).Add(claim.EndpointId).Add(now)) > 0;

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
            (DeliveryTrigger)row.Int32(), row.Int32(), row.Int32(), row.NullableText(), leaseEnd);
    }

    private readonly record struct Claim(Guid EndpointId, int Count, DateTimeOffset LeaseEnd);
}

using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>An endpoint with deliveries that are due, now or later.</summary>
/// <param name="First">When its first delivery is due; one that is under way is due until its outcome is written.</param>
/// <param name="Next">When the next one is due that was not due at the look.</param>
internal sealed record DueEndpoint(Guid EndpointId, DateTimeOffset First, DateTimeOffset? Next)
{
    /// <summary>Whether a person waits for one of them.</summary>
    public bool HasUrgent => First == WebhookDelivery.Urgent;
}

/// <summary>
/// The delivery queue in the database. Looking and taking up only read: which node may take up what follows from <see cref="ServedEndpoints"/>, what it has from its memory,
/// and a delivery is due until the outcome of a try is written.
/// </summary>
internal sealed class DeliveryQueue(IGroupWriter writer, IHotReader reader, ServedEndpoints served, DeliveriesUnderWay underWay, DatabaseClock clock, TimeProvider time)
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
          (SELECT d."NextAttemptAt" FROM "WebhookDeliveries" d WHERE d."EndpointId" = due."EndpointId" AND d."NextAttemptAt" IS NOT NULL ORDER BY d."NextAttemptAt" LIMIT 1),
          (SELECT d."NextAttemptAt" FROM "WebhookDeliveries" d WHERE d."EndpointId" = due."EndpointId" AND d."NextAttemptAt" > $1 ORDER BY d."NextAttemptAt" LIMIT 1)
        FROM due WHERE due."EndpointId" IS NOT NULL
        """;

    private const string ReadSql =
        """
        SELECT d."NextAttemptAt", d."Id", d."OrganizationId", d."EventId", d."EventType", d."Trigger", d."AttemptCount", d."PlanStep", d."OrderingKey", e."ExternalId", e."Timestamp", e."Data"
        FROM (SELECT * FROM "WebhookDeliveries" WHERE "EndpointId" = $1 AND "NextAttemptAt" <= $2 AND "NextAttemptAt" >= $4 ORDER BY "NextAttemptAt" LIMIT $3) AS d
        LEFT JOIN "Events" e ON e."Id" = d."EventId"
        ORDER BY d."NextAttemptAt"
        """;

    private const string CircuitSql = """UPDATE "WebhookEndpoints" SET "CircuitOpenUntil" = $1 WHERE "Id" = $2""";

    /// <summary>Sets the clock by the database's, where that is another machine's.</summary>
    public Task SetClockAsync(CancellationToken cancellationToken) => reader.ReadAsync(
        async session =>
        {
            if (session.NowSql is { } sql)
            {
                clock.Set((await session.QueryAsync(sql, static _ => { }, static row => row.Time()))[0]);
            }

            return true;
        },
        cancellationToken);

    /// <param name="now">By <see cref="DatabaseClock"/>.</param>
    public Task<List<DueEndpoint>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) => reader.ReadAsync(
        session => session.QueryAsync(DueSql, bind => bind.Add(now), static row => new DueEndpoint(row.Guid(), row.Time(), row.NullableTime())), cancellationToken);

    /// <summary>Takes endpoints where that is wanted, and reads what is due for those that this node serves.</summary>
    public async Task<Claim> ClaimAsync(string node, TimeSpan lease, IReadOnlyCollection<ClaimOrder> orders, CancellationToken cancellationToken)
    {
        List<Guid> toServe = [.. orders.Where(order => order.Serves).Select(order => order.EndpointId)];
        var serving = toServe.Count == 0 ? [] : await served.ServeAsync(node, lease, toServe, cancellationToken);
        // Read only now: what a node that served before has written is seen.
        List<Look> looks = [.. orders.Where(order => order.Count > 0 && (!order.Serves || serving.ContainsKey(order.EndpointId))).Select(order => new Look(order))];
        var now = clock.UtcNow;
        var read = looks.Count == 0 ? [] : await reader.ReadAsync(
            session => session.QueryManyAsync(ReadSql, looks, (bind, look) => bind.Add(look.Order.EndpointId).Add(look.Order.UrgentOnly ? WebhookDelivery.Urgent : now).Add((long)look.Order.Count).Add(look.Order.From), Read), cancellationToken);
        return new Claim(
            serving, [.. read.OfType<ClaimedDelivery>()], looks.Where(look => look.Rows == look.Order.Count).ToDictionary(look => look.Order.EndpointId, look => look.Mark));
    }

    /// <summary>Writes down that an endpoint's circuit opened or closed, for the pages and for a node that takes over.</summary>
    public Task WriteCircuitAsync(EndpointSettings endpoint, DateTimeOffset? openUntil, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(CircuitSql, bind => bind.Add(openUntil).Add(endpoint.Id));
            session.SignalAfterCommit(new HubSignal(HubSignalKind.EndpointsChanged, endpoint.OrganizationId));
            return true;
        },
        cancellationToken);

    /// <summary>Lets those go that wait for an earlier one of their key which is no more.</summary>
    /// <param name="age">How old they are at least.</param>
    public Task ReleaseForgottenAsync(TimeSpan age, CancellationToken cancellationToken) => writer.WriteAsync(
        session => ParkedDeliveries.ReleaseForgottenAsync(session, clock.UtcNow, time.GetUtcNow() - age), cancellationToken);

    private ClaimedDelivery? Read(RowReader row, Look look)
    {
        var due = row.Time();
        look.OnRow(due);
        var id = row.Guid();
        var isUrgent = due == WebhookDelivery.Urgent;
        // What is held already and has become urgent meanwhile passes by the rest.
        if (underWay.IsHeld(id) && (!isUrgent || underWay.Contains(id)))
        {
            return null;
        }

        var organization = row.Guid();
        var eventId = row.Guid();
        var (type, trigger, attempts, step, key) = (row.Text(), (DeliveryTrigger)row.Int32(), row.Int32(), row.Int32(), row.NullableText());
        return new ClaimedDelivery(
            id, organization, look.Order.EndpointId, eventId, row.NullableText() ?? PublicId.Format(PublicId.Event, eventId), type, row.NullableTime() ?? default, row.NullableBytes(),
            trigger, attempts, step, key, isUrgent);
    }

    private sealed class Look(ClaimOrder order)
    {
        public ClaimOrder Order => order;

        public int Rows { get; private set; }

        public ReadMark Mark { get; private set; }

        public void OnRow(DateTimeOffset due)
        {
            Rows++;
            Mark = new ReadMark(due, due == Mark.At ? Mark.Ties + 1 : 1);
        }
    }
}

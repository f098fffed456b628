using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// One node serves an endpoint at a time: what it takes up is written nowhere, and caps, orders and breakers hold over all nodes. The endpoint's row says who and until when.
/// On SQLite, which one hub uses alone, there is nobody to share with.
/// </summary>
internal sealed class ServedEndpoints(IGroupWriter writer, Database database, DatabaseClock clock)
{
    // Nobody else can have served it in between, even when its time was over.
    private const string RenewSql = """UPDATE "WebhookEndpoints" SET "ServedUntil" = $1 WHERE "Id" = $2 AND "ServedBy" = $3""";

    private const string TakeSql =
        """
        UPDATE "WebhookEndpoints" SET "ServedBy" = $1, "ServedUntil" = $2, "WantedUntil" = NULL WHERE "Id" = $3 AND ("ServedBy" IS NULL OR "ServedUntil" <= $4)
        """;

    private const string AskSql = """UPDATE "WebhookEndpoints" SET "WantedUntil" = $1 WHERE "Id" = $2 AND "ServedBy" <> $3""";

    private const string YieldSql = """UPDATE "WebhookEndpoints" SET "ServedBy" = NULL, "ServedUntil" = NULL, "WantedUntil" = NULL WHERE "Id" = $1 AND "ServedBy" = $2""";

    private const string EndSql = """UPDATE "WebhookEndpoints" SET "ServedBy" = NULL, "ServedUntil" = NULL WHERE "ServedBy" = $1""";

    // Of no organization: it is for the dispatchers, and no page has to read again.
    private static readonly HubSignal _dispatchers = new(HubSignalKind.EndpointsChanged, Guid.Empty);

    /// <summary>Whether there may be other nodes.</summary>
    public bool AreShared => database.Provider == DatabaseProvider.Postgres;

    /// <summary>Takes endpoints, or renews the time for which this node serves them.</summary>
    /// <returns>Those that this node serves now.</returns>
    public Task<Dictionary<Guid, ServedEndpoint>> ServeAsync(string node, TimeSpan lease, IEnumerable<Guid> endpoints, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var now = clock.UtcNow;
            var until = DateTimeOffset.FromUnixTimeMilliseconds((now + lease).ToUnixTimeMilliseconds());
            Dictionary<Guid, ServedEndpoint> served = [];
            // In one order on all nodes, so that none waits for another in a circle.
            foreach (var endpoint in endpoints.Order())
            {
                if (await session.ExecuteAsync(RenewSql, bind => bind.Add(until).Add(endpoint).Add(node)) > 0)
                {
                    served.Add(endpoint, new ServedEndpoint(until, IsNew: false));
                }
                else if (await session.ExecuteAsync(TakeSql, bind => bind.Add(node).Add(until).Add(endpoint).Add(now)) > 0)
                {
                    served.Add(endpoint, new ServedEndpoint(until, IsNew: true));
                }
            }

            return served;
        },
        cancellationToken);

    /// <summary>Asks the nodes that serve these endpoints to let this one serve them.</summary>
    public Task AskAsync(string node, TimeSpan patience, IEnumerable<Guid> endpoints, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            foreach (var endpoint in endpoints.Order())
            {
                await session.ExecuteAsync(AskSql, bind => bind.Add(clock.UtcNow + patience).Add(endpoint).Add(node));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Lets other nodes serve these endpoints at once.</summary>
    public Task YieldAsync(string node, IEnumerable<Guid> endpoints, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            foreach (var endpoint in endpoints.Order())
            {
                await session.ExecuteAsync(YieldSql, bind => bind.Add(endpoint).Add(node));
            }

            session.SignalAfterCommit(_dispatchers);
            return true;
        },
        cancellationToken);

    /// <summary>Lets other nodes serve at once what this one served.</summary>
    public async Task EndAsync(string node, CancellationToken cancellationToken)
    {
        if (AreShared)
        {
            await writer.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync(EndSql, bind => bind.Add(node));
                    session.SignalAfterCommit(_dispatchers);
                    return true;
                },
                cancellationToken);
        }
    }
}

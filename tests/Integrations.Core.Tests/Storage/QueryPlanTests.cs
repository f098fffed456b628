using Integrations.Core.Connections;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Storage;

/// <summary>Every list costs the same however much there is: SQLite's plan reads an index in order, and neither scans a table nor sorts.</summary>
public sealed class QueryPlanTests
{
    [Fact]
    public async Task Lists_read_an_index_in_order()
    {
        await using var hub = await TestHub.CreateAsync();
        await using var db = hub.Open();
        var endpoint = Guid.CreateVersion7();
        Dictionary<string, IQueryable<object>> lists = new(StringComparer.Ordinal)
        {
            ["events"] = db.Events.OrderByDescending(row => row.Id).Take(50),
            ["events of a type"] = db.Events.Where(row => row.Type == "invoice.paid").OrderByDescending(row => row.Id).Take(50),
            ["endpoints"] = db.WebhookEndpoints.OrderByDescending(row => row.Id).Take(50),
            ["deliveries of an endpoint"] = db.WebhookDeliveries.Where(row => row.EndpointId == endpoint).OrderByDescending(row => row.Id).Take(50),
            ["deliveries of an event"] = db.WebhookDeliveries.Where(row => row.EventId == endpoint),
            ["failed deliveries"] = db.WebhookDeliveries.Where(row => row.EndpointId == endpoint && row.Status == DeliveryStatus.Failed).OrderByDescending(row => row.Id).Take(50),
            ["kept deliveries"] = db.WebhookDeliveries.Where(row => row.EndpointId == endpoint).WhereKept().OrderBy(row => row.Id).Take(50),
            ["replays of an endpoint"] = db.WebhookReplays.Where(row => row.EndpointId == endpoint).OrderByDescending(row => row.Id).Take(20),
            ["deliveries of a replay"] = db.WebhookDeliveries.Where(row => row.ReplayId == endpoint && row.Status == DeliveryStatus.Pending),
            ["attempts of a delivery"] = db.WebhookAttempts.Where(row => row.DeliveryId == endpoint),
            ["audit"] = db.AuditEntries.OrderByDescending(row => row.Id).Take(50),
            ["stored keys"] = db.StoredKeys.OrderByDescending(row => row.Id).Take(50),
            ["history of one thing"] = db.AuditEntries.Where(row => row.OrganizationId == endpoint && row.TargetId == "conn_1").OrderByDescending(row => row.Id).Take(50),
            ["keys"] = db.ApiKeys.OrderByDescending(row => row.Id).Take(50),
            ["records of a type"] = db.Records.Where(row => row.Type == "contacts" && row.DeletedAt == null).OrderByDescending(row => row.Id).Take(50),
            ["history of a record"] = db.RecordChanges.Where(row => row.RecordId == endpoint).OrderByDescending(row => row.Id).Take(50),
            ["links of a record"] = db.RecordLinks.Where(row => row.RecordId == endpoint),
            ["sync runs"] = db.SyncRuns.OrderByDescending(row => row.Id).Take(50),
            ["sync runs of a connection"] = db.SyncRuns.Where(row => row.ConnectionId == endpoint).OrderByDescending(row => row.Id).Take(50),
            ["issues of a run"] = db.SyncIssues.Where(row => row.RunId == endpoint && row.Kind == SyncIssueKind.Error).OrderByDescending(row => row.Id).Take(50),
        };

        using var connection = hub.Get<Database>().OpenSqlite();
        Assert.All(lists, list =>
        {
            var plan = Explain(connection, list.Value.ToQueryString());
            Assert.True(!plan.Contains("SCAN", StringComparison.Ordinal) && !plan.Contains("TEMP B-TREE", StringComparison.Ordinal), $"{list.Key}: {plan}");
        });
    }

    [Fact]
    public async Task What_belongs_to_an_organizations_connections_is_found_by_an_index()
    {
        await using var hub = await TestHub.CreateAsync();
        await using var db = hub.Open();
        // The hub's workers see every organization.
        await using var all = hub.Open(Actor.System("test"));
        var (id, hash, now) = (Guid.CreateVersion7(), new byte[32], DateTimeOffset.UnixEpoch);
        Dictionary<string, IQueryable<object>> lists = new(StringComparer.Ordinal)
        {
            ["connections"] = db.Connections.OrderByDescending(row => row.Id),
            ["connection of a provider"] = db.Connections.Where(row => row.Provider == "xero").OrderByDescending(row => row.Id),
            ["webhook URLs"] = db.WebhookEndpoints.Where(row => row.ConnectionId != null).GroupBy(row => row.ConnectionId!.Value).Select(group => new { group.Key, Count = group.Count() }),
            ["OAuth clients"] = db.OrganizationClients,
            ["calls"] = db.ProviderCallHours.Where(row => row.ConnectionId == id && row.Since > now).OrderBy(row => row.Since),
            ["starts"] = db.ConnectionStarts.Where(row => row.Kind == ConnectionStartKind.Consent && row.Id.CompareTo(id) >= 0).OrderBy(row => row.Id),
            ["due connections"] = all.Connections.Where(row => row.CheckAt != null && row.CheckAt <= now && row.Status != ConnectionStatus.Pending).OrderBy(row => row.CheckAt).Take(200),
            ["pending connections to let go"] = all.Connections.Where(row => row.Status == ConnectionStatus.Pending && row.CheckAt != null && row.CheckAt <= now),
            ["consent of a link"] = all.Consents.Where(row => row.TokenHash == hash),
            ["consent of a state"] = all.Consents.Where(row => row.StateHash == hash && row.ReturnedAt == null && row.StartedAt > now),
            ["old consents"] = all.Consents.Where(row => row.Id.CompareTo(id) < 0),
            ["old starts"] = all.ConnectionStarts.Where(row => row.Id.CompareTo(id) < 0),
        };

        using var connection = hub.Get<Database>().OpenSqlite();
        Assert.All(lists, list =>
        {
            var plan = Explain(connection, list.Value.ToQueryString());
            // An organization has one connection for each provider: these few may be sorted.
            Assert.True(plan.Contains("SEARCH", StringComparison.Ordinal) && !plan.Contains("SCAN", StringComparison.Ordinal), $"{list.Key}: {plan}");
        });
    }

    [Fact]
    public async Task Syncs_look_rows_up_by_their_keys_and_walk_no_index()
    {
        await using var hub = await TestHub.CreateAsync();
        var plans = await hub.Get<IHotReader>().ReadAsync(
            async session =>
            {
                List<string> steps = [];
                foreach (var (sql, parameters) in new[] { (LinkStore.KnownSql(session), 3), (LinkStore.ByHashSql(session), 5), (BulkUpsert.ByHashSql, 3) })
                {
                    steps.Add(string.Join("; ", await session.QueryAsync(
                        "EXPLAIN QUERY PLAN " + sql,
                        bind => Enumerable.Range(0, parameters).ToList().ForEach(_ => bind.Add("[]")),
                        static row =>
                        {
                            _ = (row.Int64(), row.Int64(), row.Int64());
                            return row.Text();
                        })));
                }

                return steps;
            },
            CancellationToken.None);

        Assert.Contains("(ConnectionId=? AND DataType=? AND ExternalId=?)", plans[0], StringComparison.Ordinal);
        Assert.All(plans.Skip(1), plan => Assert.Contains("(MatchHash=?)", plan, StringComparison.Ordinal));
    }

    private static string Explain(SqliteConnection connection, string query)
    {
        // The query string begins with its parameters as comments-and-sets for the shell; each becomes a parameter here.
        var lines = query.Split('\n');
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + string.Join('\n', lines.Where(line => !line.StartsWith(".param", StringComparison.Ordinal)));
        foreach (var parameter in lines.Where(line => line.StartsWith(".param set ", StringComparison.Ordinal)))
        {
            command.Parameters.AddWithValue(parameter.Split(' ')[2], 0);
        }

        using var reader = command.ExecuteReader();
        List<string> plan = [];
        while (reader.Read())
        {
            plan.Add(reader.GetString(3));
        }

        return string.Join("; ", plan);
    }
}

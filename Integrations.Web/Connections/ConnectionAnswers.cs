using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Core.Sync;
using Integrations.Web.Api;

namespace Integrations.Web.Connections;

/// <summary>Connections as the API shows them, with how their syncs stand.</summary>
internal sealed class ConnectionAnswers(SyncQueries syncs, IHubAddress address, TimeProvider time)
{
    public async Task<ConnectionResource> DescribeAsync(Caller caller, ConnectionDetail row, CancellationToken cancellationToken) =>
        (await DescribeAsync(caller, [row], cancellationToken))[0];

    public async Task<IReadOnlyList<ConnectionResource>> DescribeAsync(Caller caller, IReadOnlyList<ConnectionDetail> rows, CancellationToken cancellationToken)
    {
        var standings = await syncs.StandingsAsync(caller.AfterWriting, [.. rows.Select(row => row.Id)], cancellationToken);
        return [.. rows.Select(row => ConnectionResource.From(row, standings.GetValueOrDefault(row.Id), time.GetUtcNow()))];
    }

    public async Task<IReadOnlyList<IntegrationResource>> DescribeAsync(Caller caller, IReadOnlyList<CatalogueRow> rows, CancellationToken cancellationToken)
    {
        var standings = await syncs.StandingsAsync(caller.AfterWriting, [.. rows.Select(row => row.Connection?.Id).OfType<Guid>()], cancellationToken);
        return [.. rows.Select(row => IntegrationResource.From(row, address.PublicUrl, row.Connection is { } connection ? standings.GetValueOrDefault(connection.Id) : null))];
    }
}

using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>A provider in the catalogue, with the organization's connection to it.</summary>
/// <param name="IsAvailable">Whether it can be connected in some way now.</param>
/// <param name="HasClient">Whether there is an OAuth client for consent; true for providers without consent.</param>
/// <param name="RedirectUri">What has to be registered at the provider; null for providers without consent.</param>
public sealed record CatalogueRow(Connector Connector, bool IsAvailable, bool HasClient, string? RedirectUri, ConnectionDetail? Connection);

/// <summary>A connection as pages and the API show it; never its credential.</summary>
public sealed record ConnectionDetail(
    Guid Id, Connector Connector, string Name, ConnectionStatus Status, string? StatusReason, DateTimeOffset StatusSince, AuthMode AuthMode, string AccountId, string AccountName,
    IReadOnlyList<string> Permissions, IReadOnlyList<string> Scopes, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> ProviderSettings,
    DateTimeOffset? ExpiresAt, DateTimeOffset? CheckAt, DateTimeOffset? ConnectedAt, DateTimeOffset? DisconnectedAt, DateTimeOffset? LastOkAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    bool HasCredential, int WebhookUrls)
{
    /// <summary>What somebody can do about its status, in a word that programs understand; null when there is nothing to do.</summary>
    public string? NextAction => Status switch
    {
        ConnectionStatus.Pending => "authorize",
        ConnectionStatus.NeedsAuthorization => "reconnect",
        ConnectionStatus.ConfigurationError => "configure_client",
        ConnectionStatus.Degraded => "wait",
        ConnectionStatus.Disconnected => "connect",
        _ => null,
    };
}

/// <summary>What to show of the catalogue; null members do not filter.</summary>
/// <param name="Search">A part of a name, a key, a category or a feature.</param>
/// <param name="Connected">Only those that are connected, or only those that are not.</param>
public sealed record CatalogueFilter(ProviderCategory? Category = null, string? Search = null, bool? Connected = null);

/// <summary>The calls of a connection within an hour.</summary>
public sealed record ProviderCallRow(DateTimeOffset Since, long Calls, long Errors, long Throttled, double AverageMilliseconds);

/// <summary>The calls of a connection in the last day, and what its provider last told of its own counting.</summary>
/// <param name="Limit">The limit that the hub keeps.</param>
public sealed record ProviderCalls(IReadOnlyList<ProviderCallRow> Hours, IReadOnlyList<ProviderQuota> Quotas, ProviderRateLimit Limit);

/// <summary>Reads the catalogue and the connections.</summary>
public sealed class ConnectionQueries(HubDbContextFactory contexts, ConnectorCatalog catalog, ProviderDirectory directory, OAuthClients clients, TimeProvider time)
{
    /// <summary>All providers with their connections: as many queries for one provider as for all.</summary>
    public async Task<IReadOnlyList<CatalogueRow>> CatalogueAsync(Actor actor, CatalogueFilter filter, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsRead);
        await using var db = contexts.Create(actor);
        var connections = (await DescribeAsync(db, await db.Connections.AsNoTracking().ToListAsync(cancellationToken), cancellationToken)).ToDictionary(row => row.Connector.Info.Key, StringComparer.Ordinal);
        var own = await db.OrganizationClients.Select(client => client.Provider).ToListAsync(cancellationToken);
        return [.. catalog.All.Select(Row).Where(row => Shows(row, filter))];

        CatalogueRow Row(Connector connector)
        {
            var hasClient = connector.OAuth is null || own.Contains(connector.Info.Key) || directory.ClientOf(connector) is not null;
            var isAvailable = hasClient || connector.AuthMethods.Any(method => method.Mode != AuthMode.OAuth2);
            return new CatalogueRow(connector, isAvailable, hasClient, connector.OAuth is null ? null : clients.RedirectUri(connector), connections.GetValueOrDefault(connector.Info.Key));
        }
    }

    /// <summary>One provider, by its key or another of its names.</summary>
    /// <exception cref="Refusal">There is no such provider.</exception>
    public async Task<CatalogueRow> ProviderAsync(Actor actor, string provider, CancellationToken cancellationToken)
    {
        var connector = catalog.Find(provider) ?? throw Refusal.NotFound("The provider");
        return (await CatalogueAsync(actor, new CatalogueFilter(), cancellationToken)).First(row => row.Connector == connector);
    }

    /// <summary>All connections, newest first: at most one for each provider.</summary>
    public async Task<IReadOnlyList<ConnectionDetail>> ListAsync(Actor actor, string? provider, IReadOnlyCollection<ConnectionStatus>? statuses, CancellationToken cancellationToken) =>
        (await ListAsync(actor, provider, statuses, new PageRequest(PageRequest.MaxLimit), cancellationToken)).Rows;

    /// <summary>The connections, newest first, page by page.</summary>
    /// <exception cref="Refusal"><see cref="RefusalKind.Invalid"/>: the provider, the limit or the cursor.</exception>
    public async Task<Page<ConnectionDetail>> ListAsync(
        Actor actor, string? provider, IReadOnlyCollection<ConnectionStatus>? statuses, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsRead);
        await using var db = contexts.Create(actor);
        var rows = db.Connections.AsNoTracking();
        if (provider is not null)
        {
            var key = catalog.Find(provider)?.Info.Key ?? throw Refusal.Invalid("service", $"{provider} is not a provider. GET /api/integrations lists all.");
            rows = rows.Where(row => row.Provider == key);
        }

        if (statuses is not null)
        {
            rows = rows.Where(row => statuses.Contains(row.Status));
        }

        var found = await rows.ToPageAsync(page, row => row, row => row.Id, cancellationToken);
        return new Page<ConnectionDetail>(await DescribeAsync(db, found.Rows, cancellationToken), found.NextCursor);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<ConnectionDetail> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsRead);
        await using var db = contexts.Create(actor);
        return (await DescribeAsync(db, await db.Connections.AsNoTracking().Where(row => row.Id == id).ToListAsync(cancellationToken), cancellationToken)) is [var found] ? found : throw Refusal.NotFound("The connection");
    }

    /// <summary>The calls of the last 24 hours.</summary>
    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<ProviderCalls> CallsAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var connection = await GetAsync(actor, id, cancellationToken);
        await using var db = contexts.Create(actor);
        var since = time.GetUtcNow().AddHours(-24);
        var hours = await db.ProviderCallHours.AsNoTracking().Where(row => row.ConnectionId == id && row.Since > since).OrderBy(row => row.Since).ToListAsync(cancellationToken);
        var quotas = hours.FindLast(hour => hour.Quotas is not null)?.Quotas is { } json ? System.Text.Json.JsonSerializer.Deserialize<List<ProviderQuota>>(json)! : [];
        return new ProviderCalls(
            [.. hours.Select(hour => new ProviderCallRow(hour.Since, hour.Calls, hour.Errors, hour.Throttled, hour.Calls == 0 ? 0 : (double)hour.Milliseconds / hour.Calls))],
            quotas, directory.LimitOf(connection.Connector));
    }

    private async Task<List<ConnectionDetail>> DescribeAsync(IntegrationsDbContext db, IReadOnlyList<Connection> rows, CancellationToken cancellationToken)
    {
        var urls = await db.WebhookEndpoints.Where(endpoint => endpoint.ConnectionId != null).GroupBy(endpoint => endpoint.ConnectionId!.Value)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        // A provider that the hub no longer knows cannot be shown or called; its row stays until it is known again.
        return [.. rows.Where(row => catalog.Find(row.Provider) is not null).Select(row => new ConnectionDetail(
            row.Id, catalog.Find(row.Provider)!, row.Name, row.Status, row.StatusReason, row.StatusSince, row.AuthMode, row.AccountId, row.AccountName, row.Permissions, row.Scopes,
            ConnectionRows.Merge(ConnectionSettings.Defaults, row.Settings), row.ProviderSettings, row.ExpiresAt, row.CheckAt, row.ConnectedAt, row.DisconnectedAt, row.LastOkAt, row.CreatedAt,
            row.UpdatedAt, row.Credential is not null, urls.GetValueOrDefault(row.Id)))];
    }

    private static bool Shows(CatalogueRow row, CatalogueFilter filter)
    {
        var info = row.Connector.Info;
        var isConnected = row.Connection is { Status: not (ConnectionStatus.Disconnected or ConnectionStatus.Pending) };
        return (filter.Category is null || info.Category == filter.Category)
            && (filter.Connected is null || filter.Connected == isConnected)
            && (string.IsNullOrWhiteSpace(filter.Search)
                || info.Features.Append(info.Name).Append(info.Key).Append(info.Category.ToString()).Append(info.Description).Any(text => text.Contains(filter.Search.Trim(), StringComparison.OrdinalIgnoreCase)));
    }
}

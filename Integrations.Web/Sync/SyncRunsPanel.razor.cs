using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Sync;

/// <summary>A run with what its connection is called.</summary>
public sealed record SyncRunShown(SyncRunRow Row, string Name, Connector? Connector);

public sealed partial class SyncRunsPanel
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.SyncsChanged];

    private DataList<SyncRunShown>? _list;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required SyncQueries Syncs { get; init; }

    [Inject]
    public required ConnectionQueries Connections { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    [Inject]
    public required Clock Clock { get; init; }

    /// <summary>Null for all connections.</summary>
    [Parameter]
    public Guid? ConnectionId { get; set; }

    /// <summary>The key of a provider, or null for all.</summary>
    [Parameter]
    public string? Provider { get; set; }

    [Parameter]
    public SyncStatus? Status { get; set; }

    /// <summary>A value of <see cref="TimeRange"/>.</summary>
    [Parameter]
    public string? Range { get; set; }

    [Parameter]
    public int Limit { get; set; } = PageRequest.DefaultLimit;

    [Parameter]
    public string? CursorParameter { get; set; } = UrlQuery.Cursor;

    [Parameter]
    public RenderFragment? Empty { get; set; }

    private (Guid?, string?, SyncStatus?, string?) Filter => (ConnectionId, Provider, Status, Range);

    private async Task<Page<SyncRunShown>> LoadAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var actor = await Member.GetActorAsync(cancellationToken);
        SyncFilter filter = new(ConnectionId, Provider, Status is { } status ? [status] : null);
        var found = await Syncs.ListAsync(actor, filter, page with { From = TimeRange.Start(Range, Clock.UtcNow) }, cancellationToken);
        // At most one connection for each provider.
        var names = (await Connections.ListAsync(actor, null, null, cancellationToken)).ToDictionary(connection => connection.Id, connection => connection.Name);
        return new Page<SyncRunShown>([.. found.Rows.Select(row => Show(row, names))], found.NextCursor);
    }

    private SyncRunShown Show(SyncRunRow row, Dictionary<Guid, string> names)
    {
        var connector = Catalog.Find(row.Run.Provider);
        return new SyncRunShown(row, names.GetValueOrDefault(row.Run.ConnectionId) ?? connector?.Info.Name ?? row.Run.Provider, connector);
    }
}

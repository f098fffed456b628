using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class IntegrationsPage
{
    private const string Connected = "connected";
    private const string NotConnected = "not-connected";
    private const string Attention = "attention";

    private static readonly HubSignalKind[] _kinds = [HubSignalKind.ConnectionsChanged, HubSignalKind.EndpointsChanged, HubSignalKind.SyncsChanged];
    private static readonly FilterOption[] _statuses = [new(Connected, "Connected"), new(NotConnected, "Not connected"), new(Attention, "Needs attention")];

    private Loaded<Shown>? _loaded;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectionQueries Connections { get; init; }

    [Inject]
    public required SyncQueries Syncs { get; init; }

    [SupplyParameterFromQuery]
    public string? Category { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    private bool Filtered => Category is not null || Status is not null || Q is not null;

    private async Task<Shown> LoadAsync(CancellationToken cancellationToken)
    {
        var actor = await Member.GetActorAsync(cancellationToken);
        bool? connected = Status switch
        {
            Connected or Attention => true,
            NotConnected => false,
            _ => null,
        };
        ProviderCategory? category = Enum.TryParse<ProviderCategory>(Category, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;
        var rows = await Connections.CatalogueAsync(actor, new CatalogueFilter(category, Q, connected), cancellationToken);
        // What somebody has to look at first stands first.
        List<(string, IReadOnlyList<CatalogueRow>)> sections =
        [
            ("Needs attention", [.. rows.Where(row => Group(row) == Attention)]),
            ("Connected", Status == Attention ? [] : [.. rows.Where(row => Group(row) == Connected)]),
            ("Not connected", [.. rows.Where(row => Group(row) == NotConnected)]),
        ];
        var syncs = await Syncs.StandingsAsync(actor, [.. rows.Select(row => row.Connection?.Id).OfType<Guid>()], cancellationToken);
        return new Shown(actor, syncs, [.. sections.Where(section => section.Item2.Count > 0)]);
    }

    private static string Group(CatalogueRow row) => row.Connection switch
    {
        { } connection when ConnectionWords.NeedsAttention(connection.Status) => Attention,
        { } connection when ConnectionWords.IsLive(connection) => Connected,
        _ => NotConnected,
    };

    private Task RefreshAsync() => _loaded?.RefreshAsync() ?? Task.CompletedTask;

    private sealed record Shown(Actor Actor, IReadOnlyDictionary<Guid, SyncStanding> Syncs, IReadOnlyList<(string Title, IReadOnlyList<CatalogueRow> Rows)> Sections);
}

using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class DeliveriesPanel
{
    private DataList<DeliveryRow>? _list;
    private IReadOnlyList<string> _types = [];

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required DeliveryQueries Deliveries { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required Guid EndpointId { get; set; }

    [Parameter]
    public bool CanTest { get; set; }

    [Parameter]
    public EventCallback OnTest { get; set; }

    /// <summary>Whether deliveries may be replayed: the endpoint has to be on.</summary>
    [Parameter]
    public bool CanReplay { get; set; }

    /// <summary>Asked for a replay of what the filters show.</summary>
    [Parameter]
    public EventCallback<ReplayPrefill> OnReplay { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [SupplyParameterFromQuery]
    public string? Type { get; set; }

    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    [SupplyParameterFromQuery(Name = "delivery")]
    public string? Selected { get; set; }

    private (Guid, string?, string?, string?) Filter => (EndpointId, Status, Type, Range);

    private string? ClearHref => (Status ?? Type ?? Range) is null ? null : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["status"] = null,
        ["type"] = null,
        [TimeRange.Parameter] = null,
        [UrlQuery.Cursor] = null,
    });

    public Task RefreshAsync() => _list?.RefreshQuietlyAsync() ?? Task.CompletedTask;

    protected override async Task OnInitializedAsync() =>
        _types = [.. (await EventTypes.ListAsync(await Member.GetActorAsync(), CancellationToken.None)).Select(type => type.Name)];

    private static string Text(DeliveryRow row) => PublicId.Format(PublicId.Delivery, row.Id);

    private string Href(DeliveryRow row) => Navigation.GetUriWithQueryParameter("delivery", Text(row));

    private async Task<Page<DeliveryRow>> LoadAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var filter = new DeliveryFilter(EndpointId, null, DeliveryWords.ParseStatus(Status), Type);
        return await Deliveries.ListAsync(await Member.GetActorAsync(cancellationToken), filter, page with { From = TimeRange.Start(Range, Time.GetUtcNow()) }, cancellationToken);
    }
}

using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

public sealed partial class EventsPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.EventsPublished];

    private DataList<EventRow>? _list;
    private IReadOnlyList<string> _suggestions = [];
    private bool _canWrite;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventQueries Events { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [SupplyParameterFromQuery]
    public string? Type { get; set; }

    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    /// <summary>The public id of the event that the drawer shows.</summary>
    [SupplyParameterFromQuery]
    public string? Event { get; set; }

    private string PublishCommand => Curl.Publish(Navigation.BaseUri.TrimEnd('/'), "sk_…");

    private string? ClearHref => (Type ?? Range) is null ? null : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["type"] = null,
        [TimeRange.Parameter] = null,
        [UrlQuery.Cursor] = null,
    });

    protected override async Task OnInitializedAsync()
    {
        var actor = await Member.GetActorAsync();
        _canWrite = actor.Can(Permission.EventsWrite);
        var types = (await EventTypes.ListAsync(actor, CancellationToken.None)).Select(type => type.Name).ToList();
        _suggestions = [.. types.Select(EventTypeGroups.FamilyOf).Distinct(StringComparer.Ordinal), .. types];
    }

    private string Href(EventRow row) => Navigation.GetUriWithQueryParameter("event", row.PublicId);

    private async Task<Page<EventRow>> LoadAsync(PageRequest page, CancellationToken cancellationToken) => await Events.ListAsync(
        await Member.GetActorAsync(cancellationToken), new EventFilter(Type), page with { From = TimeRange.Start(Range, Time.GetUtcNow()) }, cancellationToken);

    private Task RefreshAsync() => _list?.RefreshQuietlyAsync() ?? Task.CompletedTask;

    private async Task PublishAsync()
    {
        if (await Dialogs.OpenAsync<PublishDialog, PublishedEvent>("Publish an event", wide: true) is { } published)
        {
            Toasts.Success(published switch
            {
                { IsDuplicate: true } => "The same event was published before; nothing was stored again.",
                { Warnings.Count: > 0 } => "The event was published. It departs from the schema of its type.",
                { Deliveries: 0 } => "The event was published. No endpoint wants it.",
                { Deliveries: 1 } => "The event was published. 1 endpoint gets it.",
                var many => $"The event was published. {many.Deliveries:N0} endpoints get it.",
            });
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("event", published.Id));
        }
    }

    private void CloseEvent() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("event", (string?)null));
}

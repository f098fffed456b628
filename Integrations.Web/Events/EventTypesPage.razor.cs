using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

public sealed partial class EventTypesPage
{
    private static readonly Crumb[] _breadcrumb = [new("Settings", "/settings")];

    private IReadOnlyList<EventTypeRow> _types = [];
    private ViewState _state = ViewState.Loading;
    private string? _requestId;
    private bool _canWrite;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<EventTypesPage> Logger { get; init; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary>The type that the drawer shows.</summary>
    [SupplyParameterFromQuery]
    public string? Type { get; set; }

    private IReadOnlyList<EventTypeGroup> Groups => EventTypeGroups.Of(_types.Where(type => Q is null
        || type.Name.Contains(Q, StringComparison.OrdinalIgnoreCase) || type.Description.Contains(Q, StringComparison.OrdinalIgnoreCase)));

    protected override Task OnInitializedAsync() => LoadAsync();

    private string Href(EventTypeRow type) => Navigation.GetUriWithQueryParameter("type", type.Name);

    private async Task LoadAsync()
    {
        try
        {
            var actor = await Member.GetActorAsync();
            _canWrite = actor.Can(Permission.EventsWrite);
            _types = await EventTypes.ListAsync(actor, CancellationToken.None);
            _state = ViewState.Ready;
        }
        catch (Exception exception)
        {
            _requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, _requestId, exception);
            _state = ViewState.Failed;
        }
    }

    private async Task DefineAsync()
    {
        if (await Dialogs.OpenAsync<DefineTypeDialog, EventTypeRow>("Define an event type", wide: true) is { } defined)
        {
            Toasts.Success($"The event type {defined.Name} was defined.");
            await LoadAsync();
        }
    }

    private async Task EditAsync(EventTypeRow type)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(DefineTypeDialog.Type)] = type };
        if (await Dialogs.OpenAsync<DefineTypeDialog, EventTypeRow>($"Edit {type.Name}", parameters, wide: true) is { } changed)
        {
            Toasts.Success($"The event type {changed.Name} was saved.");
            await LoadAsync();
        }
    }

    private async Task DeleteAsync(EventTypeRow type)
    {
        if (!await Dialogs.ConfirmAsync(
            $"Delete the event type {type.Name}?", "Programs can no longer publish it. Events that were published stay, and endpoints that chose it keep it in their list.", "Delete type", danger: true))
        {
            return;
        }

        try
        {
            await EventTypes.DeleteAsync(await Member.GetActorAsync(), type.Name, CancellationToken.None);
            Toasts.Success($"The event type {type.Name} was deleted.");
        }
        catch (Refusal refusal)
        {
            Toasts.Failure(refusal.Message);
        }

        await LoadAsync();
    }

    private void CloseType() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("type", (string?)null));
}

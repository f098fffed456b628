using System.Text;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

public sealed partial class EventDrawer
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.DeliveriesChanged];

    private DataList<DeliveryRow>? _list;
    private EventDetail? _detail;
    private string _data = "";
    private ViewState _state = ViewState.Loading;
    private string? _requestId;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventQueries Events { get; init; }

    [Inject]
    public required DeliveryQueries Deliveries { get; init; }

    [Inject]
    public required ILogger<EventDrawer> Logger { get; init; }

    /// <summary>The public id; another event is another drawer.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private static string Href(DeliveryRow row) =>
        $"/webhooks/{PublicId.Format(PublicId.WebhookEndpoint, row.EndpointId)}?delivery={PublicId.Format(PublicId.Delivery, row.Id)}";

    private async Task LoadAsync()
    {
        try
        {
            _detail = await Events.GetAsync(await Member.GetActorAsync(), Id, CancellationToken.None);
            _data = Encoding.UTF8.GetString(_detail.Data);
            _state = ViewState.Ready;
        }
        catch (Refusal)
        {
            _state = ViewState.Empty;
        }
        catch (Exception exception)
        {
            _requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, _requestId, exception);
            _state = ViewState.Failed;
        }
    }

    private async Task<Page<DeliveryRow>> LoadDeliveriesAsync(PageRequest page, CancellationToken cancellationToken) =>
        await Deliveries.ListAsync(await Member.GetActorAsync(cancellationToken), new DeliveryFilter(EventId: _detail!.Row.Id), page, cancellationToken);

    private Task RefreshAsync() => _list?.RefreshQuietlyAsync() ?? Task.CompletedTask;
}

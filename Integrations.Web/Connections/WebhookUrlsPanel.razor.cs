using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Integrations.Web.Webhooks;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class WebhookUrlsPanel
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.DeliveriesChanged, HubSignalKind.EndpointsChanged];

    private DataList<WebhookDetail>? _list;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required WebhookQueries Webhooks { get; init; }

    [Inject]
    public required ConnectionActions Actions { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public required CatalogueRow Row { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    private Guid Id => Row.Connection!.Id;

    private async Task<Page<WebhookDetail>> LoadAsync(PageRequest page, CancellationToken cancellationToken) =>
        await Webhooks.ListAsync(await Member.GetActorAsync(cancellationToken), page, cancellationToken, Id);

    private Task RefreshAsync() => _list?.RefreshQuietlyAsync() ?? Task.CompletedTask;

    private async Task TestAsync(WebhookDetail endpoint)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(TestDialog.Endpoint)] = endpoint };
        if (await Dialogs.OpenAsync<TestDialog, string>("Test delivery", parameters, wide: true) is { } delivery)
        {
            Navigation.NavigateTo($"/webhooks/{PublicId.Format(PublicId.WebhookEndpoint, endpoint.Id)}?delivery={delivery}");
        }
    }
}

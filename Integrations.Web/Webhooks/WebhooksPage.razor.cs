using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class WebhooksPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.DeliveriesChanged, HubSignalKind.EndpointsChanged];

    private DataList<WebhookDetail>? _list;
    private bool _canWrite;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required WebhookQueries Webhooks { get; init; }

    [Inject]
    public required EndpointActions Actions { get; init; }

    [Inject]
    public required ReplayActions ReplayActions { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override async Task OnInitializedAsync() => _canWrite = (await Member.GetActorAsync()).Can(Permission.WebhooksWrite);

    private static string Href(WebhookDetail row) => $"/webhooks/{PublicId.Format(PublicId.WebhookEndpoint, row.Id)}";

    private async Task<Page<WebhookDetail>> LoadAsync(PageRequest page, CancellationToken cancellationToken) =>
        await Webhooks.ListAsync(await Member.GetActorAsync(cancellationToken), page, cancellationToken);

    private Task RefreshAsync() => _list?.RefreshQuietlyAsync() ?? Task.CompletedTask;

    private async Task AddAsync()
    {
        if (await Actions.AddAsync() is { } id)
        {
            Navigation.NavigateTo($"/webhooks/{PublicId.Format(PublicId.WebhookEndpoint, id)}");
        }
    }

    private async Task SwitchAsync(WebhookDetail row, bool on)
    {
        var isDone = await Actions.SwitchAsync(row, on);
        await RefreshAsync();
        if (on && isDone && row.Health.Kept > 0
            && await Dialogs.ConfirmAsync("Replay what was kept?", ReplayWords.Kept(row.Health.Kept), "Replay…")
            && await ReplayActions.StartAsync(row.Id, new ReplayPrefill(Status: ReplayInput.Kept)))
        {
            Navigation.NavigateTo($"{Href(row)}?tab=replays");
        }
    }
}

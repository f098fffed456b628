using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Integrations.Web.Webhooks;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class WebhookUrlForm
{
    private readonly FormFaults _faults = new("webhookUrl", "name", "description", "events", "headers");
    private readonly List<HeaderInput> _headers = [];
    private IReadOnlyList<EventTypeRow> _types = [];
    private IReadOnlyList<string> _events = [EventPattern.All];
    private string _url = "";
    private string _name = "";
    private bool _busy;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required ConnectService Service { get; init; }

    [Inject]
    public required ProviderDirectory Directory { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Parameter, EditorRequired]
    public required CatalogueRow Row { get; set; }

    [Parameter, EditorRequired]
    public required WebhookUrlMethod Method { get; set; }

    protected override async Task OnInitializedAsync() => _types = await EventTypes.ListAsync(await Member.GetActorAsync(), CancellationToken.None);

    private void CheckUrl()
    {
        _faults.Clear();
        if (_url.Trim() is { Length: > 0 } url && Row.Connector.WhyNotWebhookUrl(url, Directory.UrlsOf(Row.Connector)) is { } reason)
        {
            _faults.Add("webhookUrl", reason);
        }
    }

    private async Task SendAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        StateHasChanged();
        var done = await _faults.TryAsync(async () => await Service.ConnectAsync(await Member.GetActorAsync(), Input(), CancellationToken.None));
        _busy = false;
        if (done)
        {
            Dialogs.Close(true);
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private ConnectInput Input()
    {
        var headers = _headers.Where(header => header.Name.Trim().Length + header.Value.Trim().Length > 0).ToList();
        if (headers.GroupBy(header => header.Name.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Refusal.Invalid("headers", $"The header {twice.Key} stands twice.");
        }

        return new ConnectInput
        {
            Provider = Row.Connector.Info.Key,
            Name = _name.Trim() is { Length: > 0 } name ? name : null,
            WebhookUrl = _url.Trim(),
            Events = _events,
            Headers = headers.Count == 0 ? null : headers.ToDictionary(header => header.Name.Trim(), header => header.Value.Trim(), StringComparer.OrdinalIgnoreCase),
        };
    }
}

using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class TestDialog : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private DeliveryDetail? _detail;
    private string? _problem;
    private bool _sending;
    private string _event = EventCatalogue.Test;
    private IReadOnlyList<string> _types = [EventCatalogue.Test];

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required DeliveryService Service { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<TestDialog> Logger { get; init; }

    [Parameter, EditorRequired]
    public required WebhookDetail Endpoint { get; set; }

    protected override Task OnInitializedAsync() => Task.WhenAll(SendAsync(), LoadTypesAsync());

    // Without them the test is sent all the same.
    private async Task LoadTypesAsync()
    {
        try
        {
            var types = await EventTypes.ListAsync(await Member.GetActorAsync(_closed.Token), _closed.Token);
            _types = [EventCatalogue.Test, .. types.Select(type => type.Name).Where(name => name != EventCatalogue.Test && IsSubscribed(name))];
        }
        catch (Exception exception) when (!_closed.IsCancellationRequested)
        {
            ShellLog.LoadFailed(Logger, RequestId.Current(), exception);
        }
    }

    private bool IsSubscribed(string type) => Endpoint.Events.Any(pattern => EventPattern.Matches(EventTypeName.Resolve(pattern), type));

    private async Task SendAsync()
    {
        _sending = true;
        _detail = null;
        _problem = null;
        try
        {
            _detail = await Service.TestAsync(await Member.GetActorAsync(_closed.Token), Endpoint.Id, _event, _closed.Token);
        }
        catch (Refusal refusal)
        {
            _problem = refusal.Message;
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // Closed before the answer came; the delivery is in the list all the same.
        }
        finally
        {
            _sending = false;
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }
}

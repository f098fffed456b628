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

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required DeliveryService Service { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required WebhookDetail Endpoint { get; set; }

    protected override Task OnInitializedAsync() => SendAsync();

    private async Task SendAsync()
    {
        _sending = true;
        _detail = null;
        _problem = null;
        try
        {
            _detail = await Service.TestAsync(await Member.GetActorAsync(_closed.Token), Endpoint.Id, _closed.Token);
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

using Integrations.Core.Events;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

/// <summary>Answers the <see cref="CreatedWebhook"/>, or true when an endpoint was changed.</summary>
public sealed partial class EndpointDialog
{
    private static readonly string[] _advancedFields =
    [
        "secret", "signatureType", "filter", "timeoutSeconds", "retry", "rateLimitPerSecond", "maxInFlight", "ordering", "circuitBreaker.failures", "circuitBreaker.seconds", "signatureHeader", "headers",
    ];

    private readonly FormFaults _faults = new(["url", "description", "events", .. _advancedFields]);

    private EndpointForm _form = new() { Headers = [] };
    private IReadOnlyList<EventTypeRow> _types = [];
    private bool _advancedOpen;
    private bool _saving;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required WebhookService Webhooks { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    /// <summary>The endpoint to change; null for a new one.</summary>
    [Parameter]
    public WebhookDetail? Endpoint { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Endpoint is not null)
        {
            _form = EndpointForm.From(Endpoint);
        }

        _types = await EventTypes.ListAsync(await Member.GetActorAsync(), CancellationToken.None);
    }

    private async Task SaveAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        object answer = true;
        var done = await _faults.TryAsync(async () =>
        {
            var input = _form.ToInput(isNew: Endpoint is null);
            var actor = await Member.GetActorAsync();
            if (Endpoint is null)
            {
                answer = await Webhooks.CreateAsync(actor, input, CancellationToken.None);
            }
            else
            {
                await Webhooks.UpdateAsync(actor, Endpoint.Id, input, CancellationToken.None);
            }
        });
        _saving = false;
        if (done)
        {
            Dialogs.Close(answer);
            return;
        }

        _advancedOpen |= _advancedFields.Any(field => _faults[field] is not null);
        StateHasChanged();
        await Browser.ShowFaultAsync();
    }
}

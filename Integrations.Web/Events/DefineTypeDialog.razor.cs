using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

public sealed partial class DefineTypeDialog
{
    private readonly FormFaults _faults = new("name", "description", "example");

    private string _name = "";
    private string _description = "";
    private string _example = "";
    private bool _saving;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    private async Task SaveAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        EventTypeRow? defined = null;
        await _faults.TryAsync(async () => defined = await DefineAsync());
        _saving = false;
        if (defined is not null)
        {
            Dialogs.Close(defined);
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private async Task<EventTypeRow> DefineAsync()
    {
        var example = string.IsNullOrWhiteSpace(_example) ? null : _example;
        return example is not null && JsonText.WhyNotObject(example) is { } reason
            ? throw Refusal.Invalid("example", reason)
            : await EventTypes.DefineAsync(await Member.GetActorAsync(), _name, _description, example, CancellationToken.None);
    }
}

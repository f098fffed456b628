using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

public sealed partial class DefineTypeDialog
{
    private RefusalFaults _faults = RefusalFaults.None;
    private string _name = "";
    private string _description = "";
    private string _example = "";
    private bool _saving;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    private async Task SaveAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        try
        {
            var example = string.IsNullOrWhiteSpace(_example) ? null : _example;
            if (example is not null && JsonText.WhyNotObject(example) is { } reason)
            {
                throw Refusal.Invalid("example", reason);
            }

            Dialogs.Close(await EventTypes.DefineAsync(await Member.GetActorAsync(), _name, _description, example, CancellationToken.None));
        }
        catch (Refusal refusal)
        {
            _faults = RefusalFaults.From(refusal);
        }
        finally
        {
            _saving = false;
        }
    }
}

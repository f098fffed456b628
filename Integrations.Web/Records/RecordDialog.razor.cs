using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Records;

public sealed partial class RecordDialog
{
    private FormFaults _faults = new();
    private RecordForm _form = null!;
    private bool _busy;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required RecordService Records { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Parameter, EditorRequired]
    public required RecordType Type { get; set; }

    /// <summary>Null for a new record.</summary>
    [Parameter]
    public RecordRow? Row { get; set; }

    // What is being edited is not written over by a change that somebody else makes.
    protected override void OnInitialized()
    {
        _faults = new FormFaults([.. Type.Fields.Select(field => field.Name), RecordTypes.CustomFields]);
        _form = RecordForm.For(Type, Row?.Fields);
    }

    private string? HelpOf(RecordField field) => field.Kind switch
    {
        RecordFieldKind.Tags => "Separated by commas.",
        RecordFieldKind.Time => "In UTC.",
        RecordFieldKind.Currency => "Three letters, such as USD.",
        RecordFieldKind.Text when field.Name == "name" && Type.Find("firstName") is not null => "Made from the parts when it is empty.",
        _ => null,
    };

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        var id = Row?.Id ?? Guid.Empty;
        var done = await _faults.TryAsync(async () => id = await StoreAsync(await Member.GetActorAsync()));
        _busy = false;
        if (done)
        {
            Dialogs.Close(RecordIds.Format(Type, id));
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private async Task<Guid> StoreAsync(Actor actor)
    {
        try
        {
            if (Row is null)
            {
                return await Records.CreateAsync(actor, Type, _form.ToBody(), CancellationToken.None);
            }

            await Records.UpdateAsync(actor, Type, Row.Id, _form.ToBody(), CancellationToken.None);
            return Row.Id;
        }
        catch (Refusal refusal)
        {
            throw Refusal.Invalid([.. refusal.Faults.Select(fault => fault with { Message = RecordWords.LineFault(fault.Message) })]);
        }
    }
}

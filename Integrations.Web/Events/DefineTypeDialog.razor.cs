using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

public sealed partial class DefineTypeDialog
{
    private const string Placeholder = """{"type":"object","required":["orderId"]}""";

    private readonly FormFaults _faults = new("name", "description", "example", "schema");

    private string _name = "";
    private string _description = "";
    private string _example = "";
    private string _schema = "";
    private SchemaMode _mode = SchemaMode.Warn;
    private bool _saving;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    /// <summary>The type to change; null for a new one.</summary>
    [Parameter]
    public EventTypeRow? Type { get; set; }

    protected override void OnInitialized()
    {
        if (Type is not null)
        {
            _description = Type.Description;
            _example = JsonText.Indent(Type.Example) ?? Type.Example ?? "";
            _schema = JsonText.Indent(Type.Schema) ?? Type.Schema ?? "";
            _mode = Type.SchemaMode;
        }
    }

    private async Task SaveAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        EventTypeRow? saved = null;
        await _faults.TryAsync(async () => saved = await StoreAsync());
        _saving = false;
        if (saved is not null)
        {
            Dialogs.Close(saved);
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private async Task<EventTypeRow> StoreAsync()
    {
        Faults faults = new();
        var example = Checked("example", _example, faults);
        var schema = Checked("schema", _schema, faults);
        faults.ThrowIfAny();
        EventTypeInput input = new(_description, example, schema, _mode);
        var actor = await Member.GetActorAsync();
        return Type is null
            ? await EventTypes.DefineAsync(actor, _name, input, CancellationToken.None)
            : await EventTypes.UpdateAsync(actor, Type.Name, input, CancellationToken.None);
    }

    // An empty text takes away what is there.
    private static string Checked(string field, string text, Faults faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        if (JsonText.WhyNotObject(text) is { } reason)
        {
            faults.Add(field, reason);
        }

        return text;
    }
}

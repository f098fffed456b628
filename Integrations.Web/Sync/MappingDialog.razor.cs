using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Sync;

public sealed partial class MappingDialog
{
    private readonly string _listId = ElementIds.Next("targets");
    private readonly FormFaults _faults = new("source", "target", "reference", "constant", "values");
    private FieldMapping _before = new("", "");
    private string _source = "";
    private string _target = "";
    private string _constant = "";
    private string _reference = "";
    private string _values = "";
    private SyncDirections _directions = SyncDirections.Both;
    private FieldTransform _transform;
    private bool _busy;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required SyncService Service { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Parameter, EditorRequired]
    public required ConnectionDetail Connection { get; set; }

    [Parameter, EditorRequired]
    public required DataTypeMapping Mapping { get; set; }

    /// <summary>The place of the field; one beyond the last for a new one.</summary>
    [Parameter, EditorRequired]
    public required int Index { get; set; }

    private string Provider => Connection.Connector.Info.Name;

    private string TargetHelp => Mapping.RecordType.Find("name") is null
        ? $"One of the fields of {Mapping.RecordType.Label.ToLowerInvariant()}."
        : $"One of the fields of {Mapping.RecordType.Label.ToLowerInvariant()}, or a free one such as {RecordTypes.CustomPrefix}name.";

    // Lines have a mapping of their own inside, which comes with the connector.
    private IEnumerable<FieldTransform> Transforms => Enum.GetValues<FieldTransform>().Where(transform => transform != FieldTransform.Lines || _before.Transform == FieldTransform.Lines);

    protected override void OnInitialized()
    {
        _before = Index < Mapping.Fields.Count ? Mapping.Fields[Index] : _before;
        (_source, _target, _constant, _reference) = (_before.Source, _before.Target, _before.Constant ?? "", _before.Reference ?? "");
        (_directions, _transform) = (_before.Directions, _before.Transform);
        _values = string.Join('\n', (_before.Values ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(pair => $"{pair.Key} = {pair.Value}"));
    }

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        var done = await _faults.TryAsync(async () => await SetAsync(await Member.GetActorAsync()));
        _busy = false;
        if (done)
        {
            Dialogs.Close(true);
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    // The mapping with the field as the form has it.
    private List<FieldMapping> Fields()
    {
        List<FieldMapping> fields = [.. Mapping.Fields];
        var field = _before with
        {
            Source = _source.Trim(),
            Target = _target.Trim(),
            Transform = _transform,
            Directions = _directions,
            Constant = _constant.Length == 0 ? null : _constant,
            Reference = _reference.Length == 0 ? null : _reference,
            Values = ReadValues(),
        };
        if (Index < fields.Count)
        {
            fields[Index] = field;
        }
        else
        {
            fields.Add(field);
        }

        return fields;
    }

    private async Task SetAsync(Actor actor)
    {
        try
        {
            await Service.SetMappingAsync(actor, Connection.Id, Mapping.DataType.Name, Fields(), CancellationToken.None);
        }
        catch (Refusal refusal)
        {
            // The form shows one field of the list, so its faults lose their place in it.
            throw Refusal.Invalid([.. refusal.Faults.Select(fault => fault with { Field = fault.Field?.Replace($"fields[{Index}].", "", StringComparison.Ordinal) })]);
        }
    }

    private Dictionary<string, string>? ReadValues()
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (var line in _values.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } theirs, { Length: > 0 } ours])
            {
                throw Refusal.Invalid("values", $"{line} is no pair. Write it as theirs = ours.");
            }

            pairs[theirs] = ours;
        }

        return pairs.Count == 0 ? null : pairs;
    }
}

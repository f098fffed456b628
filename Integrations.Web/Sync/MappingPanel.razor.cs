using Integrations.Core.Connections;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Sync;

public sealed partial class MappingPanel
{
    private Loaded<IReadOnlyList<DataTypeMapping>>? _loaded;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required SyncQueries Syncs { get; init; }

    [Inject]
    public required SyncService Service { get; init; }

    [Inject]
    public required SyncActions Actions { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Parameter, EditorRequired]
    public required ConnectionDetail Connection { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    private string Provider => Connection.Connector.Info.Name;

    private static string Label(FieldMapping field) => field.Target.Length > 0 ? field.Target : field.Source;

    private async Task<IReadOnlyList<DataTypeMapping>> LoadAsync(CancellationToken cancellationToken) =>
        await Syncs.MappingsAsync(await Member.GetActorAsync(cancellationToken), Connection.Id, cancellationToken);

    // One beyond the last is a new one.
    private async Task EditAsync(DataTypeMapping mapping, int index)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal)
        {
            [nameof(MappingDialog.Connection)] = Connection,
            [nameof(MappingDialog.Mapping)] = mapping,
            [nameof(MappingDialog.Index)] = index,
        };
        if (await Dialogs.OpenAsync<MappingDialog, bool>(index < mapping.Fields.Count ? $"Edit a field of {mapping.DataType.Words}" : $"Add a field to {mapping.DataType.Words}", parameters, wide: true))
        {
            Toasts.Success("The mapping was saved.");
            await ReloadAsync();
        }
    }

    private async Task RemoveAsync(DataTypeMapping mapping, int index)
    {
        var field = mapping.Fields[index];
        if (await Dialogs.ConfirmAsync(
            $"Remove {Label(field)} from the mapping?",
            $"{mapping.DataType.Words} are no longer read or written with it. What stands in the records stays until somebody changes it.",
            "Remove field",
            danger: true)
            && await Actions.TryAsync(actor => Service.SetMappingAsync(actor, Connection.Id, mapping.DataType.Name, [.. mapping.Fields.Where((_, i) => i != index)], CancellationToken.None), "The mapping was saved."))
        {
            await ReloadAsync();
        }
    }

    private async Task ResetAsync(DataTypeMapping mapping)
    {
        if (await Dialogs.ConfirmAsync(
            $"Reset the mapping of {mapping.DataType.Words}?", $"What was changed for this connection is lost, and the mapping that comes with {Provider} counts again.", "Reset mapping", danger: true)
            && await Actions.TryAsync(actor => Service.SetMappingAsync(actor, Connection.Id, mapping.DataType.Name, mapping: null, CancellationToken.None), "The mapping was reset."))
        {
            await ReloadAsync();
        }
    }

    private Task ReloadAsync() => _loaded?.RefreshAsync() ?? Task.CompletedTask;
}

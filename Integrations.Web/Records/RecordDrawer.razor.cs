using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Records;

public sealed partial class RecordDrawer
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.RecordsChanged];

    private Loaded<RecordShown>? _loaded;
    private RecordHistory? _history;
    private RecordShown? _shown;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required RecordQueries Records { get; init; }

    [Inject]
    public required RecordActions Actions { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    /// <summary>The public id; another record is another drawer.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required RecordType Type { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    private List<(string Text, string Href)> Related => Type.Name switch
    {
        "contacts" => [("Invoices", $"/records/invoices?contact={Id}"), ("Payments", $"/records/payments?contact={Id}")],
        "invoices" => [("Payments", $"/records/payments?invoice={Id}")],
        _ => [],
    };

    // The type's own fields, those of each object together, then what the type leaves free.
    private IEnumerable<(string Title, IReadOnlyList<string> Names)> Groups(RecordRow row)
    {
        var own = Type.Fields.Where(field => field.Kind != RecordFieldKind.Lines && row.Fields[field.Name] is not null).Select(field => field.Name).ToList();
        foreach (var group in own.GroupBy(name => name.Contains('.', StringComparison.Ordinal) ? name[..name.IndexOf('.', StringComparison.Ordinal)] : ""))
        {
            yield return (group.Key.Length == 0 ? "Values" : RecordWords.Word(group.Key), [.. group]);
        }

        if (row.Fields.Names.Where(name => Type.Find(name) is null).ToList() is { Count: > 0 } free)
        {
            yield return ("Other fields", free);
        }
    }

    private async Task<RecordShown> LoadAsync(CancellationToken cancellationToken)
    {
        var actor = await Member.GetActorAsync(cancellationToken);
        var row = RecordIds.TryParse(Id, out var id) ? await Records.GetAsync(actor, Type, id, cancellationToken) : throw Refusal.NotFound($"The {Type.Singular}");
        _shown = new RecordShown(row, await Records.NamesAsync(actor, row, cancellationToken));
        StateHasChanged();
        return _shown;
    }

    private async Task RefreshAsync()
    {
        await (_loaded?.RefreshAsync() ?? Task.CompletedTask);
        await (_history?.RefreshAsync() ?? Task.CompletedTask);
    }

    private async Task EditAsync(RecordRow row)
    {
        if (await Actions.EditAsync(row))
        {
            await RefreshAsync();
        }
    }

    private async Task DeleteAsync(RecordRow row)
    {
        if (await Actions.DeleteAsync(row))
        {
            await OnClose.InvokeAsync();
        }
    }
}

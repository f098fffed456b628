using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Integrations.Web.Sync;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Web.Records;

/// <summary>A record with the names of those that it refers to.</summary>
public sealed record RecordShown(RecordRow Row, IReadOnlyDictionary<Guid, string> Names)
{
    public string PublicId => RecordIds.Format(Row.Type, Row.Id);

    /// <summary>The name of the record that a field leads to; null for none.</summary>
    public string? NameOf(string field) => RecordIds.TryParse(Row.Fields.Text(field), out var id) ? Names.GetValueOrDefault(id) : null;
}

public sealed partial class RecordsPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.RecordsChanged];
    private static readonly Crumb[] _breadcrumb = [new("Records", "/records")];

    private DataList<RecordShown>? _list;
    private RecordType? _type;
    private IReadOnlyList<(RecordType Type, int Count)> _counts = [];
    private IReadOnlyList<FilterOption> _providers = [];
    private (string Name, string Href)? _belongsTo;
    private string? _belongsToId;
    private bool _canWrite;
    private bool _loaded;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required RecordQueries Records { get; init; }

    [Inject]
    public required RecordActions Actions { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    [Inject]
    public required Clock Clock { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter]
    public string? Type { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? Provider { get; set; }

    [SupplyParameterFromQuery]
    public string? Kind { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    /// <summary>Only what belongs to this contact.</summary>
    [SupplyParameterFromQuery]
    public string? Contact { get; set; }

    /// <summary>Only what belongs to this invoice.</summary>
    [SupplyParameterFromQuery]
    public string? Invoice { get; set; }

    /// <summary>The public id of the record in the drawer.</summary>
    [SupplyParameterFromQuery]
    public string? Record { get; set; }

    private bool Filtered => (Q ?? Provider ?? Kind ?? Status ?? Contact ?? Invoice) is not null;

    private RecordFilter Filter => new(Q, Provider, Status, Kind, ContactId: Id(Contact), InvoiceId: Id(Invoice));

    private string ExportHref => QueryHelpers.AddQueryString($"/records/{_type!.Name}/export", new (string Name, string? Value)[]
    {
        ("q", Q), ("provider", Provider), ("kind", Kind), ("status", Status), ("contact", Contact), ("invoice", Invoice),
    }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));

    protected override async Task OnInitializedAsync()
    {
        _canWrite = (await Member.GetActorAsync()).Can(Permission.RecordsWrite);
        _providers = [.. Catalog.All.Where(SyncRunWords.Syncs).Select(connector => new FilterOption(connector.Info.Key, connector.Info.Name))];
    }

    protected override async Task OnParametersSetAsync()
    {
        var name = Type ?? RecordTypes.Contacts.Name;
        if (_type?.Name != name)
        {
            await CountAsync();
            _type = _counts.FirstOrDefault(row => row.Type.Name == name).Type;
            _loaded = true;
        }

        if (_belongsToId != (Contact ?? Invoice))
        {
            _belongsToId = Contact ?? Invoice;
            _belongsTo = await OwnerAsync();
        }
    }

    private static Guid? Id(string? text) => RecordIds.TryParse(text, out var id) ? id : null;

    private static IReadOnlyList<FilterOption> WordsOf(RecordType type, string field) => [.. type.Find(field)!.Words.Select(word => new FilterOption(word, RecordWords.Word(word)))];

    private string Href(RecordShown row) => Navigation.GetUriWithQueryParameter("record", row.PublicId);

    private async Task<Page<RecordShown>> LoadAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var actor = await Member.GetActorAsync(cancellationToken);
        var found = await Records.ListAsync(actor, _type!, Filter, page, cancellationToken);
        var referred = _type!.Fields.Where(field => field.Kind == RecordFieldKind.Reference)
            .SelectMany(field => found.Rows.Select(row => Id(row.Fields.Text(field.Name)))).OfType<Guid>().Distinct().ToList();
        var names = referred.Count == 0 ? new Dictionary<Guid, string>() : await Records.NamesAsync(actor, referred, cancellationToken);
        return new Page<RecordShown>([.. found.Rows.Select(row => new RecordShown(row, names))], found.NextCursor);
    }

    private async Task CountAsync()
    {
        var counts = (await Records.CountsAsync(await Member.GetActorAsync(), CancellationToken.None)).ToDictionary(row => row.Type, row => row.Count, StringComparer.Ordinal);
        _counts =
        [
            .. RecordTypes.All.Select(type => (type, counts.GetValueOrDefault(type.Name))),
            .. counts.Keys.Where(name => RecordTypes.All.All(type => type.Name != name)).Order(StringComparer.Ordinal).Select(RecordTypes.Find).OfType<RecordType>().Select(type => (type, counts[type.Name])),
        ];
    }

    private async Task<(string, string)?> OwnerAsync()
    {
        if (Id(_belongsToId) is not { } id)
        {
            return null;
        }

        var names = await Records.NamesAsync(await Member.GetActorAsync(), [id], CancellationToken.None);
        return names.TryGetValue(id, out var name) ? (name, RecordWords.Href(Contact is null ? RecordTypes.Invoices.Name : RecordTypes.Contacts.Name, id)) : null;
    }

    private async Task RefreshAsync()
    {
        await CountAsync();
        await (_list?.RefreshQuietlyAsync() ?? Task.CompletedTask);
    }

    private async Task AddAsync()
    {
        if (await Actions.AddAsync(_type!) is { } made)
        {
            Navigation.NavigateTo(RecordWords.Href(_type!.Name, made));
        }
    }

    private void CloseRecord() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("record", (string?)null));
}

using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Records;

/// <summary>A record's counterpart at a provider.</summary>
public sealed record ExternalRow(string Provider, string DataType, string Id, DateTimeOffset SyncedAt);

/// <summary>A record as pages and the API show it.</summary>
public sealed record RecordRow(
    Guid Id, RecordType Type, string Name, RecordFields Fields, string Source, IReadOnlyDictionary<string, string> FieldSources, IReadOnlyList<ExternalRow> External, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>One change in a record's history.</summary>
/// <param name="Fields">The changed fields, before and after.</param>
public sealed record RecordChangeRow(
    Guid Id, RecordChangeKind Kind, DateTimeOffset At, string Source, string ActorName, Guid? SyncRunId, IReadOnlyDictionary<string, (string? Before, string? After)> Fields);

/// <summary>Which records to list; null members do not filter.</summary>
/// <param name="Search">A part of the name, e-mail address, number or SKU.</param>
/// <param name="Provider">Only those that it has a counterpart of.</param>
/// <param name="Kind">The value of the type's <see cref="RecordType.KindField"/>.</param>
/// <param name="From">Made then or later.</param>
/// <param name="To">Made before.</param>
public sealed record RecordFilter(
    string? Search = null, string? Provider = null, string? Status = null, string? Kind = null, DateTimeOffset? UpdatedSince = null, Guid? ContactId = null, Guid? InvoiceId = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Reads records.</summary>
public sealed class RecordQueries(HubDbContextFactory contexts)
{
    public async Task<Page<RecordRow>> ListAsync(Actor actor, RecordType type, RecordFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var found = await Filter(db, type, filter).ToPageAsync(page, record => record, record => record.Id, cancellationToken);
        return new Page<RecordRow>(await DescribeAsync(db, found.Rows, cancellationToken), found.NextCursor);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<RecordRow> GetAsync(Actor actor, RecordType type, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var record = await db.Records.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.Type == type.Name && row.DeletedAt == null, cancellationToken)
            ?? throw Refusal.NotFound($"The {type.Singular}");
        return (await DescribeAsync(db, [record], cancellationToken))[0];
    }

    /// <summary>A record's history, newest first.</summary>
    public async Task<Page<RecordChangeRow>> HistoryAsync(Actor actor, Guid id, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var found = await db.RecordChanges.AsNoTracking().Where(change => change.RecordId == id).ToPageAsync(page, change => change, change => change.Id, cancellationToken);
        return new Page<RecordChangeRow>([.. found.Rows.Select(Read)], found.NextCursor);
    }

    /// <summary>How many records of each type there are.</summary>
    public async Task<IReadOnlyList<(string Type, int Count)>> CountsAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var counts = await db.Records.Where(record => record.DeletedAt == null).GroupBy(record => record.Type).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return [.. counts.OrderBy(row => RecordTypes.All.ToList().FindIndex(type => type.Name == row.Key) is var place && place < 0 ? 99 : place).ThenBy(row => row.Key, StringComparer.Ordinal)
            .Select(row => (row.Key, row.Count))];
    }

    /// <summary>The name of a record's type, by its id alone.</summary>
    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<string> TypeOfAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        return await db.Records.Where(record => record.Id == id && record.DeletedAt == null).Select(record => record.Type).FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("The record");
    }

    /// <summary>The names of records, for what refers to them.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(Actor actor, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        return await db.Records.Where(record => ids.Contains(record.Id)).ToDictionaryAsync(record => record.Id, record => record.Name, cancellationToken);
    }

    /// <summary>The names of those that a record refers to, in its lines too.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(Actor actor, RecordRow row, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. RecordReferences.Of(row.Type, row.Fields).Select(reference => reference.Id).Distinct()];
        return ids.Count == 0 ? new Dictionary<Guid, string>() : await NamesAsync(actor, ids, cancellationToken);
    }

    internal static IQueryable<Record> Filter(IntegrationsDbContext db, RecordType type, RecordFilter filter)
    {
        var records = db.Records.AsNoTracking().Where(record => record.Type == type.Name && record.DeletedAt == null).MadeBetween(filter.From, filter.To);
        if (!string.IsNullOrWhiteSpace(filter.Search))
        {
            var search = filter.Search.Trim().ToLowerInvariant();
            records = records.Where(record => record.Search.Contains(search));
        }

        records = filter.Status is { } status ? records.Where(record => record.Status == status) : records;
        records = filter.Kind is { } kind ? records.Where(record => record.Kind == kind) : records;
        records = filter.UpdatedSince is { } since ? records.Where(record => record.UpdatedAt >= since) : records;
        records = filter.ContactId is { } contact ? records.Where(record => record.ContactId == contact) : records;
        records = filter.InvoiceId is { } invoice ? records.Where(record => record.InvoiceId == invoice) : records;
        return filter.Provider is { } provider ? records.Where(record => db.RecordLinks.Any(link => link.RecordId == record.Id && link.Provider == provider)) : records;
    }

    private static async Task<List<RecordRow>> DescribeAsync(IntegrationsDbContext db, IReadOnlyList<Record> records, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. records.Select(record => record.Id)];
        var links = (await db.RecordLinks.AsNoTracking().Where(link => ids.Contains(link.RecordId)).ToListAsync(cancellationToken)).ToLookup(link => link.RecordId);
        return [.. records.Select(record => new RecordRow(
            record.Id, RecordTypes.Find(record.Type)!, record.Name, RecordFields.Parse(record.Data), record.Source, record.FieldSources,
            [.. links[record.Id].OrderBy(link => link.Provider, StringComparer.Ordinal).Select(link => new ExternalRow(link.Provider, link.DataType, link.ExternalId, link.SyncedAt))],
            record.CreatedAt, record.UpdatedAt))];
    }

    private static RecordChangeRow Read(RecordChange change)
    {
        Dictionary<string, (string?, string?)> fields = new(StringComparer.Ordinal);
        if (change.Fields is { } json)
        {
            using var document = JsonDocument.Parse(json);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                fields[member.Name] = (Text(member.Value[0]), Text(member.Value[1]));
            }
        }

        return new RecordChangeRow(change.Id, change.Kind, change.At, change.Source, change.ActorName, change.SyncRunId, fields);
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}

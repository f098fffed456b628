using System.Text.Json;
using Integrations.Core.Audit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>What became of one item of a bulk request.</summary>
public enum BulkStatus
{
    Created,
    Updated,
    Unchanged,
    Failed,
}

/// <summary>The outcome of one item, in the order of the request.</summary>
/// <param name="Id">Null when it failed.</param>
/// <param name="Error">Why it failed, else null.</param>
public sealed record BulkOutcome(Guid? Id, BulkStatus Status, string? Error);

/// <summary>Makes, changes and deletes records by hand and over REST.</summary>
public sealed class RecordService
{
    public const int MaxBulk = 1_000;

    private readonly IGroupWriter _writer;
    private readonly RecordStore _store;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    public RecordService(IGroupWriter writer, EventPublisher publisher, AuditLog audit, TimeProvider time)
    {
        (_writer, _audit, _time) = (writer, audit, time);
        _store = new RecordStore(new RecordEvents(publisher), time);
    }

    /// <summary>Makes a record.</summary>
    /// <param name="body">A JSON object with the type's fields.</param>
    /// <exception cref="Refusal">Malformed, with every fault.</exception>
    public async Task<Guid> CreateAsync(Actor actor, RecordType type, JsonElement body, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.RecordsWrite);
        RecordFields fields = new();
        Faults faults = new();
        Apply(type, fields, body, faults, "");
        RecordCheck.CheckWhole(type, fields, faults);
        faults.ThrowIfAny();
        var id = TimeOrderedId.New(_time.GetUtcNow());
        await _writer.WriteAsync(
            async session =>
            {
                await RecordStore.LockAsync(session, organization, type.Name);
                await RecordReferences.DemandAsync(session, organization, type, fields);
                await _store.InsertAsync(session, organization, OccasionOf(actor), [new NewRecord(id, type, fields)]);
                await AuditAsync(session, actor, organization, "record.created", type, id, fields, null, Shown(fields, fields.Names));
                return true;
            },
            cancellationToken);
        return id;
    }

    /// <summary>Changes the fields that the body names; null takes a value away.</summary>
    /// <exception cref="Refusal">Not there, or malformed.</exception>
    public async Task UpdateAsync(Actor actor, RecordType type, Guid id, JsonElement body, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.RecordsWrite);
        await _writer.WriteAsync(
            async session =>
            {
                await RecordStore.LockAsync(session, organization, type.Name);
                var record = await FindAsync(session, organization, type, id);
                var fields = record.Fields.Copy();
                Faults faults = new();
                Apply(type, fields, body, faults, "");
                RecordCheck.CheckWhole(type, fields, faults);
                faults.ThrowIfAny();
                await RecordReferences.DemandAsync(session, organization, type, fields, record.Fields);
                RecordUpdate update = new(record, fields);
                await _store.UpdateAsync(session, organization, OccasionOf(actor), [update]);
                if (update.Changed.Count > 0)
                {
                    await AuditAsync(session, actor, organization, "record.updated", type, id, fields, Shown(record.Fields, update.Changed), Shown(fields, update.Changed));
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Deletes a record here. Its counterparts at providers stay, and a sync does not bring it back.</summary>
    /// <exception cref="Refusal">Not there.</exception>
    public async Task DeleteAsync(Actor actor, RecordType type, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.RecordsWrite);
        await _writer.WriteAsync(
            async session =>
            {
                await RecordStore.LockAsync(session, organization, type.Name);
                var record = await FindAsync(session, organization, type, id);
                await _store.DeleteAsync(session, organization, OccasionOf(actor), [record]);
                await AuditAsync(session, actor, organization, "record.deleted", type, id, record.Fields, Shown(record.Fields, record.Fields.Names), null);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Makes or changes many records: by their <c>id</c>, else by the type's match field (a contact's e-mail address, a product's SKU, an invoice's number).</summary>
    /// <param name="items">1 to <see cref="MaxBulk"/> JSON objects; a faulty one does not hold up the others.</param>
    /// <exception cref="Refusal">None or too many.</exception>
    public async Task<IReadOnlyList<BulkOutcome>> UpsertAsync(Actor actor, RecordType type, IReadOnlyList<JsonElement> items, CancellationToken cancellationToken, string? source = null)
    {
        var organization = actor.Demand(Permission.RecordsWrite);
        if (items.Count is 0 or > MaxBulk)
        {
            throw Refusal.Invalid("items", $"items must hold 1 to {MaxBulk} records.");
        }

        return await _writer.WriteAsync(
            async session =>
            {
                await RecordStore.LockAsync(session, organization, type.Name);
                var outcomes = await new BulkUpsert(_store, organization, type, source is null ? OccasionOf(actor) : OccasionOf(actor) with { Source = source }, _time.GetUtcNow()).RunAsync(session, items);
                var counts = outcomes.CountBy(outcome => outcome.Status).ToDictionary(pair => pair.Key.ToString().ToLowerInvariant(), pair => pair.Value, StringComparer.Ordinal);
                await _audit.AddAsync(session, actor, organization, "record.bulk_changed", type.Name, type.Label, null, counts);
                return outcomes;
            },
            cancellationToken);
    }

    internal static void Apply(RecordType type, RecordFields fields, JsonElement body, Faults faults, string place)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            faults.Add(place.TrimEnd('.') is { Length: > 0 } at ? at : null, "A record must be a JSON object.");
            return;
        }

        DemandWholeCharacters(body);
        foreach (var (name, value) in RecordJson.Flatten(type, body))
        {
            if (RecordJson.IsGroup(type, name))
            {
                faults.AddIf(value.ValueKind != JsonValueKind.Null, place + name, $"{name} must be an object, or null to take it away.");
                foreach (var part in fields.Names.Where(part => part.StartsWith($"{name}.", StringComparison.Ordinal)).ToList())
                {
                    fields[part] = null;
                }
            }
            else if (RecordCheck.Set(fields, type, name, value) is { } fault)
            {
                faults.Add(place + name, fault);
            }
        }
    }

    /// <exception cref="Refusal">JSON can hold half of a character, which no text can.</exception>
    internal static void DemandWholeCharacters(JsonElement body)
    {
        if (JsonRead.HoldsHalf(body))
        {
            var field = body.ValueKind == JsonValueKind.Object ? body.EnumerateObject().Where(member => JsonRead.HoldsHalf(member.Value)).Select(JsonRead.Name).FirstOrDefault() : null;
            throw Refusal.Invalid(field, $"{field ?? "The record"} holds a text with half a character in it.");
        }
    }

    private ValueTask AuditAsync(
        WriteSession session, Actor actor, Guid organization, string action, RecordType type, Guid id, RecordFields fields, object? before, object? after) =>
        _audit.AddAsync(session, actor, organization, action, RecordIds.Format(type, id), RecordShape.Of(type, fields).Name, before, after);

    private static Dictionary<string, string?> Shown(RecordFields fields, IEnumerable<string> names) => names.ToDictionary(name => name, fields.Text, StringComparer.Ordinal);

    private static RecordOccasion OccasionOf(Actor actor) => new(actor.Kind == ActorKind.Member ? RecordSource.Member : RecordSource.Program, actor.Name);

    private static async ValueTask<StoredRecord> FindAsync(QuerySession session, Guid organization, RecordType type, Guid id) =>
        (await RecordStore.FindAsync(session, organization, [id])).TryGetValue(id, out var record) && record.DeletedAt is null && record.Type.Name == type.Name
            ? record
            : throw Refusal.NotFound($"The {type.Singular}");
}

using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>Makes or changes many records in one transaction; each item has its own outcome.</summary>
internal sealed class BulkUpsert(RecordStore store, Guid organization, RecordType type, RecordOccasion occasion, DateTimeOffset now)
{
    // Told to sort by the id, SQLite would walk all records in that order instead of looking the hash up; what is IS TRUE no other index can serve.
    internal const string ByHashSql =
        """
        SELECT "Id", "Data" FROM "Records"
        WHERE "MatchHash" = $3 AND ("OrganizationId" = $1) IS TRUE AND ("Type" = $2) IS TRUE AND "DeletedAt" IS NULL
        """;

    public async ValueTask<IReadOnlyList<BulkOutcome>> RunAsync(WriteSession session, IReadOnlyList<JsonElement> items)
    {
        var outcomes = new BulkOutcome?[items.Count];
        Dictionary<Guid, (RecordUpdate Update, int Index)> updates = [];
        Dictionary<string, int> madeKeys = new(StringComparer.Ordinal);
        List<(NewRecord New, int Index)> made = [];
        for (var i = 0; i < items.Count; i++)
        {
            outcomes[i] = await TakeAsync(session, items[i], i, updates, made, madeKeys);
        }

        await store.InsertAsync(session, organization, occasion, made.ConvertAll(item => item.New));
        await store.UpdateAsync(session, organization, occasion, [.. updates.Values.Select(item => item.Update)]);
        return outcomes!;
    }

    private async ValueTask<BulkOutcome> TakeAsync(
        WriteSession session, JsonElement item, int index, Dictionary<Guid, (RecordUpdate Update, int Index)> updates, List<(NewRecord New, int Index)> made, Dictionary<string, int> madeKeys)
    {
        try
        {
            RecordService.DemandWholeCharacters(item);
            RecordFields given = new();
            Faults faults = new();
            var body = item;
            Guid? id = null;
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var named))
            {
                id = named.ValueKind == JsonValueKind.String && RecordIds.TryParse(named.GetString(), out var parsed) ? parsed : throw Refusal.Invalid("id", "id must be the id of a record.");
                body = JsonSerializer.SerializeToElement(item.EnumerateObject().Where(member => member.Name != "id").ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal));
            }

            RecordService.Apply(type, given, body, faults, "");
            faults.ThrowIfAny();
            var key = RecordShape.MatchKeyOf(type, given);
            if (id is null && key is not null && madeKeys.TryGetValue(key, out var first))
            {
                throw Refusal.Conflict(type.MatchField, $"Item {first} of this request has the same {type.MatchField}.");
            }

            id ??= key is null ? null : await FindAsync(session, key);
            if (id is { } known)
            {
                var record = updates.TryGetValue(known, out var earlier) ? throw Refusal.Conflict("id", $"Item {earlier.Index} of this request is the same record.")
                    : (await RecordStore.FindAsync(session, organization, [known])).GetValueOrDefault(known) is { DeletedAt: null } found && found.Type.Name == type.Name ? found
                    : throw Refusal.NotFound($"The {type.Singular}");
                var fields = record.Fields.Copy();
                RecordService.Apply(type, fields, body, faults, "");
                RecordCheck.CheckWhole(type, fields, faults);
                faults.ThrowIfAny();
                await RecordReferences.DemandAsync(session, organization, type, fields, record.Fields);
                RecordUpdate update = new(record, fields);
                updates[known] = (update, index);
                return new BulkOutcome(known, update.Print == record.Print ? BulkStatus.Unchanged : BulkStatus.Updated, null);
            }

            RecordCheck.CheckWhole(type, given, faults);
            faults.ThrowIfAny();
            await RecordReferences.DemandAsync(session, organization, type, given);
            NewRecord fresh = new(TimeOrderedId.New(now), type, given);
            made.Add((fresh, index));
            if (key is not null)
            {
                madeKeys[key] = index;
            }

            return new BulkOutcome(fresh.Id, BulkStatus.Created, null);
        }
        catch (Refusal refusal)
        {
            return new BulkOutcome(null, BulkStatus.Failed, string.Join(" ", refusal.Faults.Select(fault => fault.Message)));
        }
    }

    private async ValueTask<Guid?> FindAsync(WriteSession session, string key)
    {
        var found = await session.QueryAsync(
            ByHashSql, bind => bind.Add(organization).Add(type.Name).Add(RecordShape.MatchHashOf(type, key)), static row => (Id: row.Guid(), Fields: RecordFields.Parse(row.Bytes())));
        return found.Where(record => RecordShape.MatchKeyOf(type, record.Fields) == key).Select(record => (Guid?)record.Id).Min();
    }
}

using System.Text.Json;
using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>
/// Writes records with their history and the events that tell of it, in a transaction that is under way. All who write records of one type of an organization take
/// <see cref="LockAsync"/> first, so that what they read stays true until they have written.
/// </summary>
internal sealed class RecordStore(RecordEvents events, TimeProvider time)
{
    private const string InsertSql =
        """
        INSERT INTO "Records" ("Id", "OrganizationId", "Type", "Name", "Search", "MatchHash", "Status", "Kind", "Amount", "Balance", "Currency", "Date", "DueDate", "ContactId", "InvoiceId",
          "Data", "Print", "Source", "FieldSources", "CreatedAt", "UpdatedAt")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """;

    private const string UpdateSql =
        """
        UPDATE "Records" SET "Name" = $1, "Search" = $2, "MatchHash" = $3, "Status" = $4, "Kind" = $5, "Amount" = $6, "Balance" = $7, "Currency" = $8, "Date" = $9, "DueDate" = $10,
          "ContactId" = $11, "InvoiceId" = $12, "Data" = $13, "Print" = $14, "FieldSources" = $15, "UpdatedAt" = $16
        WHERE "Id" = $17 AND "OrganizationId" = $18
        """;

    private const string DeleteSql = """UPDATE "Records" SET "DeletedAt" = $1, "UpdatedAt" = $1 WHERE "Id" = $2 AND "OrganizationId" = $3""";

    private const string ChangeSql =
        """
        INSERT INTO "RecordChanges" ("Id", "OrganizationId", "RecordId", "Kind", "At", "Source", "ActorName", "SyncRunId", "Fields") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string FindSql =
        """SELECT "Id", "Type", "Data", "Print", "Source", "FieldSources", "CreatedAt", "UpdatedAt", "DeletedAt" FROM "Records" WHERE "OrganizationId" = $1 AND "Id" = $2""";

    public static ValueTask LockAsync(WriteSession session, Guid organization, params IReadOnlyList<string> types) => session.LockAsync([.. types.Select(type => $"records:{organization:N}:{type}")]);

    public static async ValueTask<Dictionary<Guid, StoredRecord>> FindAsync(QuerySession session, Guid organization, IReadOnlyCollection<Guid> ids)
    {
        List<Guid> asked = [.. ids.Distinct()];
        var found = await session.QueryManyAsync(FindSql, asked, (bind, id) => bind.Add(organization).Add(id), (row, _) => Read(row));
        return found.ToDictionary(record => record.Id);
    }

    /// <summary>Makes records.</summary>
    public async ValueTask InsertAsync(WriteSession session, Guid organization, RecordOccasion occasion, IReadOnlyList<NewRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        await session.ExecuteManyAsync(InsertSql, records, (bind, record) => BindShape(
            bind.Add(record.Id).Add(organization).Add(record.Type.Name), record.Content.Shape)
            .Add(record.Content.Json).Add(record.Content.Print).Add(occasion.Source).Add("{}").Add(now).Add(now));
        if (!occasion.IsBulk)
        {
            await session.ExecuteManyAsync(ChangeSql, records, (bind, record) => BindChange(bind, organization, record.Id, RecordChangeKind.Created, occasion, now, null));
        }

        await events.TellAsync(session, organization, occasion, [.. records.Select(record => new ToldChange(record.Type, record.Id, null, record.Fields))]);
        Signal(session, organization);
    }

    /// <summary>Changes records. Updates that change nothing are left out.</summary>
    public async ValueTask UpdateAsync(WriteSession session, Guid organization, RecordOccasion occasion, IReadOnlyList<RecordUpdate> updates)
    {
        List<RecordUpdate> real = [.. updates.Where(update => update.Print != update.Before.Print)];
        if (real.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        await session.ExecuteManyAsync(UpdateSql, real, (bind, update) => BindShape(bind, update.Content.Shape)
            .Add(update.Content.Json).Add(update.Print).Add(JsonSerializer.Serialize(Sources(update, occasion.Source))).Add(now).Add(update.Before.Id).Add(organization));
        await session.ExecuteManyAsync(
            ChangeSql, real, (bind, update) => BindChange(bind, organization, update.Before.Id, RecordChangeKind.Updated, occasion, now, FieldsOf(update)));
        await events.TellAsync(session, organization, occasion, real.ConvertAll(update => new ToldChange(update.Before.Type, update.Before.Id, update.Before.Fields, update.Fields)));
        Signal(session, organization);
    }

    /// <summary>Deletes records. They stay, so that their history can be read and a sync does not make them anew.</summary>
    public async ValueTask DeleteAsync(WriteSession session, Guid organization, RecordOccasion occasion, IReadOnlyList<StoredRecord> records)
    {
        List<StoredRecord> there = [.. records.Where(record => record.DeletedAt is null)];
        if (there.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        await session.ExecuteManyAsync(DeleteSql, there, (bind, record) => bind.Add(now).Add(record.Id).Add(organization));
        await session.ExecuteManyAsync(ChangeSql, there, (bind, record) => BindChange(bind, organization, record.Id, RecordChangeKind.Deleted, occasion, now, null));
        await events.TellAsync(session, organization, occasion, there.ConvertAll(record => new ToldChange(record.Type, record.Id, record.Fields, null)));
        Signal(session, organization);
    }

    /// <summary>Notes that a provider's row was found to be a record that was there.</summary>
    public async ValueTask NoteLinkedAsync(WriteSession session, Guid organization, RecordOccasion occasion, IReadOnlyList<Guid> records)
    {
        var now = time.GetUtcNow();
        await session.ExecuteManyAsync(ChangeSql, records, (bind, record) => BindChange(bind, organization, record, RecordChangeKind.Linked, occasion, now, null));
    }

    internal static StoredRecord Read(RowReader row) => new(
        row.Guid(), RecordTypes.Find(row.Text())!, RecordFields.Parse(row.Bytes()), row.Guid(), row.Text(), JsonSerializer.Deserialize<Dictionary<string, string>>(row.Text())!, row.Time(),
        row.Time(), row.NullableTime());

    private static void Signal(WriteSession session, Guid organization) => session.SignalAfterCommit(new HubSignal(HubSignalKind.RecordsChanged, organization));

    private static Dictionary<string, string> Sources(RecordUpdate update, string source)
    {
        Dictionary<string, string> sources = new(update.Before.FieldSources, StringComparer.Ordinal);
        foreach (var name in update.Changed)
        {
            if (source == update.Before.Source || update.Fields[name] is null)
            {
                sources.Remove(name);
            }
            else
            {
                sources[name] = source;
            }
        }

        return sources;
    }

    private static byte[] FieldsOf(RecordUpdate update)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        foreach (var name in update.Changed)
        {
            writer.WriteStartArray(name);
            foreach (var value in new[] { update.Before.Fields[name], update.Fields[name] })
            {
                if (value is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    RecordFields.WriteValue(writer, value);
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static ParameterBinder BindShape(ParameterBinder bind, RecordShape shape) => bind
        .Add(shape.Name).Add(shape.Search).Add(shape.MatchHash).Add(shape.Status).Add(shape.Kind).Add(shape.Amount).Add(shape.Balance).Add(shape.Currency).Add(shape.Date).Add(shape.DueDate)
        .Add(shape.ContactId).Add(shape.InvoiceId);

    private static void BindChange(
        ParameterBinder bind, Guid organization, Guid record, RecordChangeKind kind, RecordOccasion occasion, DateTimeOffset now, byte[]? fields) => bind
        .Add(TimeOrderedId.New(now)).Add(organization).Add(record).Add((long)kind).Add(now).Add(occasion.Source).Add(occasion.ActorName).Add(occasion.SyncRunId).Add(fields);
}

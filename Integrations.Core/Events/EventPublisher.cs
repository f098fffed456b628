using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Integrations.Core.Events.Schemas;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Events;

/// <summary>Accepts events. When it returns, the events and a delivery for every endpoint that wants them are on disk, in one transaction.</summary>
public sealed partial class EventPublisher(
    IGroupWriter writer, EventTypes types, EventSchemas schemas, IEventTransactionHook hook, TimeProvider time)
{
    public const int MaxBatch = 100;
    public const int MaxDataBytes = 256 * 1024;
    public const int MaxIdLength = 64;
    public const int MaxOrderingKeyLength = 128;

    private const string UniqueViolation = "23505";

    private const string InsertSql =
        """
        INSERT INTO "Events" ("Id", "OrganizationId", "Type", "ExternalId", "Timestamp", "CreatedAt", "Data", "Source", "DeliveryCount", "SchemaWarning", "OrderingKey")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    private const string FindSql =
        """
        SELECT "Id", "Type", "Timestamp", "CreatedAt", "Data", "DeliveryCount", "SchemaWarning", "OrderingKey"
        FROM "Events" WHERE "OrganizationId" = $1 AND ("ExternalId" = $2 OR ("ExternalId" IS NULL AND "Id" = $3))
        """;

    /// <summary>Publishes all events or none.</summary>
    /// <param name="events">1 to <see cref="MaxBatch"/>.</param>
    /// <exception cref="Refusal">
    /// <see cref="RefusalKind.Invalid"/>: malformed; <see cref="RefusalKind.Unprocessable"/>: an unknown type, or data that departs from an enforced schema; <see cref="RefusalKind.Conflict"/>: an id was used
    /// for another event. The faults' fields begin with the event's <see cref="NewEvent.Place"/> (<c>[2].id</c>).
    /// </exception>
    public async Task<IReadOnlyList<PublishedEvent>> PublishAsync(Actor actor, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.EventsWrite);
        var resolved = await CheckAsync(actor, organization, events, cancellationToken);
        var verdicts = new SchemaVerdict?[resolved.Count];
        for (var i = 0; i < resolved.Count; i++)
        {
            verdicts[i] = await schemas.CheckAsync(actor, organization, resolved[i].Type, resolved[i].Data, cancellationToken);
        }

        try
        {
            return await writer.WriteAsync(session => StoreAsync(session, actor.Name, organization, resolved, verdicts), cancellationToken);
        }
        catch (DbException exception) when (exception.SqlState == UniqueViolation)
        {
            // Another node stored the same id at the same moment; now it can be seen, and compared.
            return await writer.WriteAsync(session => StoreAsync(session, actor.Name, organization, resolved, verdicts), cancellationToken);
        }
    }

    /// <summary>Publishes an event of the hub's own in a transaction that is under way, so that it tells of just what that transaction does.</summary>
    /// <param name="source">The part of the hub that publishes.</param>
    internal async ValueTask PublishAsync(WriteSession session, Guid organization, string source, NewEvent hubEvent) =>
        await StoreAsync(session, source, organization, [hubEvent], [null]);

    /// <summary>The same for many.</summary>
    internal async ValueTask PublishAsync(WriteSession session, Guid organization, string source, IReadOnlyList<NewEvent> events)
    {
        if (events.Count > 0)
        {
            await StoreAsync(session, source, organization, events, new SchemaVerdict?[events.Count]);
        }
    }

    /// <summary>Whether any endpoint of an organization subscribes to a type.</summary>
    internal ValueTask<bool> IsWantedAsync(WriteSession session, Guid organization, string type) => hook.WantsAsync(session, organization, type);

    private async ValueTask<IReadOnlyList<PublishedEvent>> StoreAsync(
        WriteSession session, string source, Guid organization, IReadOnlyList<NewEvent> events, IReadOnlyList<SchemaVerdict?> verdicts)
    {
        var now = time.GetUtcNow();
        var results = new PublishedEvent?[events.Count];
        List<(int Index, StoredEvent Stored)> fresh = new(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            results[i] = await FindDuplicateAsync(session, organization, events[i], Path(events, i, "id"));
            if (results[i] is null)
            {
                fresh.Add((i, new StoredEvent(TimeOrderedId.New(now), events[i].Type, events[i].Data, events[i].OrderingKey)));
            }
        }

        // What was accepted before stays accepted, whatever its schema says now; so this comes after the look for duplicates.
        if (fresh.Where(item => verdicts[item.Index]?.Refuses == true).SelectMany(item => verdicts[item.Index]!.Faults(events[item.Index].Place)).ToList() is { Count: > 0 } refused)
        {
            throw Refusal.Unprocessable(refused);
        }

        if (fresh.Count > 0)
        {
            var stored = fresh.ConvertAll(item => item.Stored);
            var deliveries = await hook.OnStoringAsync(session, organization, stored, now);
            List<(NewEvent New, StoredEvent Stored, int Deliveries, string? Warning)> rows = new(fresh.Count);
            for (var i = 0; i < fresh.Count; i++)
            {
                var (index, item) = fresh[i];
                var warning = verdicts[index]?.Warning;
                rows.Add((events[index], item, deliveries[i], warning));
                results[index] = new PublishedEvent(events[index].Id ?? PublicId.Format(PublicId.Event, item.Id), item.Type, now, deliveries[i], IsDuplicate: false)
                {
                    Warnings = SchemaVerdict.Sentences(warning),
                };
            }

            await session.ExecuteManyAsync(InsertSql, rows, (bind, row) => bind
                .Add(row.Stored.Id).Add(organization).Add(row.Stored.Type).Add(row.New.Id).Add(row.New.Timestamp ?? now).Add(now)
                .Add(row.New.Data.ToArray()).Add(source).Add((long)row.Deliveries).Add(row.Warning).Add(row.New.OrderingKey));
            session.SignalAfterCommit(new HubSignal(HubSignalKind.EventsPublished, organization));
        }

        return results!;
    }

    private static async ValueTask<PublishedEvent?> FindDuplicateAsync(WriteSession session, Guid organization, NewEvent item, string field)
    {
        if (item.Id is null)
        {
            return null;
        }

        var found = await session.QueryAsync(
            FindSql,
            bind => bind.Add(organization).Add(item.Id).Add(PublicId.TryParse(PublicId.Event, item.Id, out var made) ? made : Guid.Empty),
            row => (
                Id: row.Guid(), Type: row.Text(), Timestamp: row.Time(), CreatedAt: row.Time(), Data: row.Bytes(), Deliveries: row.Int32(), Warning: row.NullableText(),
                OrderingKey: row.NullableText()));
        if (found.Count == 0)
        {
            return null;
        }

        var first = found[0];
        var same = first.Type == item.Type && first.OrderingKey == item.OrderingKey && item.Data.Span.SequenceEqual(first.Data)
            && (item.Timestamp is null || item.Timestamp.Value.ToUnixTimeMilliseconds() == first.Timestamp.ToUnixTimeMilliseconds());
        return same
            ? new PublishedEvent(item.Id, first.Type, first.CreatedAt, first.Deliveries, IsDuplicate: true) { Warnings = SchemaVerdict.Sentences(first.Warning) }
            : throw Refusal.Conflict(field, $"The id {item.Id} was used for another event. Use a new id, or send exactly the same event again.");
    }

    private async Task<IReadOnlyList<NewEvent>> CheckAsync(Actor actor, Guid organization, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count is 0 or > MaxBatch)
        {
            throw Refusal.Invalid(null, $"Send between 1 and {MaxBatch} events.");
        }

        Faults faults = new();
        List<Fault> unknown = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        Dictionary<string, string?> reasons = new(StringComparer.Ordinal);
        var resolved = new List<NewEvent>(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            var item = events[i] with { Type = EventTypeName.Resolve(events[i].Type) };
            resolved.Add(item);
            if (!EventTypeName.IsWellFormed(item.Type))
            {
                faults.Add(Path(events, i, "event"), "event must be dotted lower-case words, such as invoice.paid.");
            }
            else if (await WhyNotAsync(item.Type) is { } reason)
            {
                unknown.Add(new Fault(Path(events, i, "event"), reason));
            }

            CheckId(item.Id, Path(events, i, "id"), ids, faults);
            faults.AddIf(
                item.OrderingKey is { } key && (key.Length is 0 or > MaxOrderingKeyLength || key.Any(char.IsControl)),
                Path(events, i, "orderingKey"),
                $"orderingKey must be 1 to {MaxOrderingKeyLength} characters without control characters.");
            faults.AddIf(item.Data.Length > MaxDataBytes, Path(events, i, "data"), $"data may be at most {MaxDataBytes / 1024} KiB; this is {item.Data.Length / 1024} KiB.");
            faults.AddIf(!IsObject(item.Data), Path(events, i, "data"), "data must be a JSON object.");
        }

        faults.ThrowIfAny();
        return unknown.Count == 0 ? resolved : throw Refusal.Unprocessable(unknown);

        // Most batches hold many events of one type.
        async ValueTask<string?> WhyNotAsync(string type)
        {
            if (!reasons.TryGetValue(type, out var reason))
            {
                reason = await types.WhyNotPublishableAsync(actor, organization, type, cancellationToken);
                reasons.Add(type, reason);
            }

            return reason;
        }
    }

    private static void CheckId(string? id, string field, HashSet<string> seen, Faults faults)
    {
        if (id is null)
        {
            return;
        }

        faults.AddIf(!IdForm().IsMatch(id), field, $"id must be 1 to {MaxIdLength} letters, digits, hyphens or underscores.");
        faults.AddIf(!seen.Add(id), field, $"The id {id} stands twice in this request.");
    }

    private static bool IsObject(ReadOnlyMemory<byte> data)
    {
        var reader = new Utf8JsonReader(data.Span);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject;
    }

    private static string Path(IReadOnlyList<NewEvent> events, int index, string member) => events[index].Place + member;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdForm();
}

using System.Buffers;
using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>A change of a record, to be told.</summary>
/// <param name="Before">Null when it was made.</param>
/// <param name="After">Null when it was deleted.</param>
internal sealed record ToldChange(RecordType Type, Guid Id, RecordFields? Before, RecordFields? After);

/// <summary>Raises the events that tell of changed records, in the transaction of the change.</summary>
internal sealed class RecordEvents(EventPublisher publisher)
{
    public async ValueTask TellAsync(WriteSession session, Guid organization, RecordOccasion occasion, IReadOnlyList<ToldChange> changes)
    {
        List<NewEvent> events = [];
        Dictionary<string, bool> wanted = new(StringComparer.Ordinal);
        foreach (var change in changes.Where(change => change.Type.RaisesEvents))
        {
            foreach (var type in TypesOf(change))
            {
                if (!occasion.IsBulk || await IsWantedAsync(type))
                {
                    var id = RecordIds.Format(change.Type, change.Id);
                    events.Add(new NewEvent(type, DataOf(change.Type, id, change.After), OrderingKey: id));
                }
            }
        }

        await publisher.PublishAsync(session, organization, occasion.Source, events);

        async ValueTask<bool> IsWantedAsync(string type)
        {
            if (!wanted.TryGetValue(type, out var isWanted))
            {
                wanted[type] = isWanted = await publisher.IsWantedAsync(session, organization, type);
            }

            return isWanted;
        }
    }

    /// <summary>What happened, in the words of the catalogue.</summary>
    private static IEnumerable<string> TypesOf(ToldChange change)
    {
        var (before, after) = (change.Before?.Text("status"), change.After?.Text("status"));
        if (change.Type == RecordTypes.Payments)
        {
            // A payment that came in finished was both begun and finished.
            return change.After is null ? []
                : (change.Before is null ? ["payment.created"] : Array.Empty<string>()).Concat(after == before ? [] : after switch
                {
                    "completed" => ["payment.succeeded"],
                    "failed" => ["payment.failed"],
                    "refunded" => ["payment.refunded"],
                    _ => [],
                });
        }

        var name = change.Type.Singular;
        List<string> types = [change.Before is null ? $"{name}.created" : change.After is null ? $"{name}.deleted" : $"{name}.updated"];
        if (change.Type == RecordTypes.Invoices && change.After is not null && before != after)
        {
            types.AddRange(after switch
            {
                "paid" => ["invoice.paid"],
                "void" => ["invoice.voided"],
                _ => [],
            });
        }

        return types;
    }

    private static byte[] DataOf(RecordType type, string id, RecordFields? fields)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteString($"{type.Singular}Id", id);
        if (fields is not null)
        {
            RecordJson.WriteMembers(writer, type, fields);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

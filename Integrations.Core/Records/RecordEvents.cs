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
    // Syncs ask for each row.
    private static readonly Dictionary<string, (string[] Created, string[] Updated, string[] Deleted)> _plain = RecordTypes.All.Where(type => type.RaisesEvents).ToDictionary(
        type => type.Name, type => (new[] { $"{type.Singular}.created" }, new[] { $"{type.Singular}.updated" }, new[] { $"{type.Singular}.deleted" }), StringComparer.Ordinal);

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
    private static IReadOnlyList<string> TypesOf(ToldChange change)
    {
        if (change.Type != RecordTypes.Payments && change.Type != RecordTypes.Invoices)
        {
            return PlainOf(change);
        }

        var (before, after) = (change.Before?.Text("status"), change.After?.Text("status"));
        if (change.Type == RecordTypes.Payments)
        {
            // A payment that came in finished was both begun and finished.
            List<string> told = change is { Before: null, After: not null } ? ["payment.created"] : [];
            Add(told, change.After is null || after == before ? null : after switch
            {
                "completed" => "payment.succeeded",
                "failed" => "payment.failed",
                "refunded" => "payment.refunded",
                _ => null,
            });
            return told;
        }

        List<string> types = [.. PlainOf(change)];
        Add(types, change.After is null || before == after ? null : after switch
        {
            "paid" => "invoice.paid",
            "void" => "invoice.voided",
            _ => null,
        });
        return types;

        static void Add(List<string> types, string? type)
        {
            if (type is not null)
            {
                types.Add(type);
            }
        }
    }

    private static string[] PlainOf(ToldChange change)
    {
        var (created, updated, deleted) = _plain[change.Type.Name];
        return change.Before is null ? created : change.After is null ? deleted : updated;
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

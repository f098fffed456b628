using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>What records refer to: with fields of their own, and in their lines.</summary>
internal static class RecordReferences
{
    /// <summary>Demands that what a record refers to is there. What it referred to before may have been deleted since.</summary>
    /// <param name="before">Its values until now; null when it is new.</param>
    /// <exception cref="Refusal"><see cref="RefusalKind.Unprocessable"/>, with every reference that leads nowhere.</exception>
    public static async ValueTask DemandAsync(QuerySession session, Guid organization, RecordType type, RecordFields fields, RecordFields? before = null)
    {
        var known = before is null ? [] : Of(type, before).Select(reference => (reference.To, reference.Id)).ToHashSet();
        var asked = Of(type, fields).Where(reference => !known.Contains((reference.To, reference.Id))).ToList();
        if (asked.Count == 0)
        {
            return;
        }

        var found = await RecordStore.FindAsync(session, organization, [.. asked.Select(reference => reference.Id)]);
        List<Fault> faults = [.. asked.Where(reference => !(found.GetValueOrDefault(reference.Id) is { DeletedAt: null } record && record.Type.Name == reference.To))
            .Select(reference => new Fault(reference.Place, $"{reference.Place} names none of your {reference.To}."))];
        if (faults.Count > 0)
        {
            throw Refusal.Unprocessable(faults);
        }
    }

    private static IEnumerable<(string Place, string To, Guid Id)> Of(RecordType type, RecordFields fields)
    {
        foreach (var field in type.Fields)
        {
            if (field.References is { } to && fields.Text(field.Name) is { } text)
            {
                yield return (field.Name, to, IdOf(text));
            }
            else if (field.Kind == RecordFieldKind.Lines && fields[field.Name] is JsonElement lines)
            {
                foreach (var (index, line) in lines.EnumerateArray().Index())
                {
                    foreach (var item in field.Items.Where(item => item.References is not null && line.TryGetProperty(item.Name, out _)))
                    {
                        yield return ($"{field.Name}[{index}].{item.Name}", item.References!, IdOf(line.GetProperty(item.Name).GetString()));
                    }
                }
            }
        }
    }

    private static Guid IdOf(string? text) => RecordIds.TryParse(text, out var id) ? id : default;
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Records;

/// <summary>What records refer to: with fields of their own, and in their lines, whose places are named as <c>lines[2].productId</c>.</summary>
internal static partial class RecordReferences
{
    /// <summary>The place of a reference in a line.</summary>
    public static string PlaceOf(string lines, int index, string member) => $"{lines}[{index.ToString(CultureInfo.InvariantCulture)}].{member}";

    /// <summary>Whether a place lies in a line, which another line may have taken since.</summary>
    public static bool IsInLine(string place) => LinePlace().IsMatch(place);

    /// <summary>The public id that a reference holds; null for none.</summary>
    public static string? At(RecordFields fields, string place) => LinePlace().Match(place) is not { Success: true } match ? fields.Text(place)
        : LineOf(fields, match) is { } line && line.TryGetProperty(match.Groups["member"].Value, out var id) ? id.GetString()
        : null;

    /// <summary>Sets a reference. One in a line that is not there is left out.</summary>
    public static void Put(RecordFields fields, string place, string id)
    {
        if (LinePlace().Match(place) is not { Success: true } match)
        {
            fields[place] = id;
        }
        else if (LineOf(fields, match) is not null)
        {
            var lines = JsonArray.Create((JsonElement)fields[match.Groups["lines"].Value]!)!;
            lines[IndexOf(match)]![match.Groups["member"].Value] = id;
            fields[match.Groups["lines"].Value] = JsonSerializer.SerializeToElement(lines);
        }
    }

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

    /// <summary>All that a record refers to; an id that is none is empty.</summary>
    public static IEnumerable<(string Place, string To, Guid Id)> Of(RecordType type, RecordFields fields)
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
                        yield return (PlaceOf(field.Name, index, item.Name), item.References!, IdOf(line.GetProperty(item.Name).GetString()));
                    }
                }
            }
        }
    }

    private static JsonElement? LineOf(RecordFields fields, Match place) =>
        fields[place.Groups["lines"].Value] is JsonElement { ValueKind: JsonValueKind.Array } lines && IndexOf(place) < lines.GetArrayLength() ? lines[IndexOf(place)] : null;

    private static int IndexOf(Match place) => int.Parse(place.Groups["index"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<lines>[^\[\].]+)\[(?<index>\d{1,4})\]\.(?<member>[^\[\].]+)$", RegexOptions.None, 1000)]
    private static partial Regex LinePlace();

    private static Guid IdOf(string? text) => RecordIds.TryParse(text, out var id) ? id : default;
}

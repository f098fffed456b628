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

    /// <summary>What stands at a place, so that it can be told later whether it still does: the public id that a field holds, or the print of a line. Null for nothing.</summary>
    public static string? StateOf(RecordFields fields, string place) => LinePlace().Match(place) is not { Success: true } match ? fields.Text(place)
        : fields[match.Groups["lines"].Value] is JsonElement { ValueKind: JsonValueKind.Array } lines && IndexOf(match) < lines.GetArrayLength()
            ? RecordFields.PrintOf(JsonSerializer.SerializeToUtf8Bytes(lines[IndexOf(match)])).ToString("N")
        : null;

    /// <summary>Sets references. One in a line that is not there is left out.</summary>
    public static void Put(RecordFields fields, IEnumerable<(string Place, string Id)> references)
    {
        Dictionary<string, JsonArray> changed = new(StringComparer.Ordinal);
        foreach (var (place, id) in references)
        {
            if (LinePlace().Match(place) is not { Success: true } match)
            {
                fields[place] = id;
                continue;
            }

            var name = match.Groups["lines"].Value;
            if (!changed.TryGetValue(name, out var lines) && fields[name] is JsonElement { ValueKind: JsonValueKind.Array } stored)
            {
                changed[name] = lines = JsonArray.Create(stored)!;
            }

            if (lines is not null && IndexOf(match) < lines.Count)
            {
                lines[IndexOf(match)]![match.Groups["member"].Value] = id;
            }
        }

        foreach (var (name, lines) in changed)
        {
            fields[name] = JsonSerializer.SerializeToElement(lines);
        }
    }

    /// <summary>Lines as a provider tells them that knows nothing of what some of them lead to: those that nothing else contradicts at their place keep what they led to here.</summary>
    /// <param name="field">The field of the lines.</param>
    public static JsonElement Kept(RecordField field, JsonElement stored, JsonElement incoming)
    {
        var references = field.Items.Where(item => item.References is not null).Select(item => item.Name).ToList();
        if (!stored.EnumerateArray().Any(line => references.Exists(name => line.TryGetProperty(name, out _))))
        {
            return incoming;
        }

        var lines = JsonArray.Create(incoming)!;
        var any = false;
        foreach (var (line, known) in lines.OfType<JsonObject>().Zip(stored.EnumerateArray().Select(line => JsonObject.Create(line)!)))
        {
            var led = references.FindAll(known.ContainsKey);
            var common = known.Where(member => !led.Contains(member.Key, StringComparer.Ordinal) && line.ContainsKey(member.Key)).ToList();
            if (common.Count > 0 && common.TrueForAll(member => JsonNode.DeepEquals(member.Value, line[member.Key])))
            {
                foreach (var name in led.Where(name => !line.ContainsKey(name)))
                {
                    line[name] = known[name]!.DeepClone();
                    any = true;
                }
            }
        }

        return any ? JsonSerializer.SerializeToElement(lines) : incoming;
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

    private static int IndexOf(Match place) => int.Parse(place.Groups["index"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<lines>[^\[\].]+)\[(?<index>\d{1,4})\]\.(?<member>[^\[\].]+)$", RegexOptions.None, 1000)]
    private static partial Regex LinePlace();

    private static Guid IdOf(string? text) => RecordIds.TryParse(text, out var id) ? id : default;
}

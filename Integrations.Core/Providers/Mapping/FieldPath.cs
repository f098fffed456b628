using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Security;

namespace Integrations.Core.Providers.Mapping;

/// <summary>A place in a provider's row, as <see cref="FieldMapping.Source"/> writes it.</summary>
internal sealed class FieldPath
{
    private const int MaxKnown = 10_000;
    private static readonly ConcurrentDictionary<string, FieldPath> _known = new(StringComparer.Ordinal);

    private readonly Step[] _steps;

    private FieldPath(Step[] steps) => _steps = steps;

    /// <exception cref="FormatException">It is no path.</exception>
    public static FieldPath Of(string text)
    {
        if (_known.TryGetValue(text, out var path))
        {
            return path;
        }

        path = new FieldPath([.. Split(text).Select(Parse)]);
        // Paths of people's own mappings come and go; it only keeps the memory small.
        if (_known.Count < MaxKnown)
        {
            _known[text] = path;
        }

        return path;
    }

    public static bool IsPath(string text)
    {
        try
        {
            return text.Length > 0 && Of(text)._steps.Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>What lies there; null for nothing or JSON's null.</summary>
    public JsonElement? Read(JsonElement row)
    {
        foreach (var step in _steps)
        {
            if (row.ValueKind != JsonValueKind.Object || !JsonRead.TryGet(row, step.Name, out row) || (step.HasSelector && !step.TrySelect(row, out row)))
            {
                return null;
            }
        }

        return row.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : row;
    }

    /// <summary>Puts a value there, with the objects and lists on the way.</summary>
    public void Write(JsonObject row, JsonNode? value)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            var isLast = i == _steps.Length - 1;
            if (!step.HasSelector)
            {
                if (isLast)
                {
                    row[step.Name] = value;
                    return;
                }

                if (row[step.Name] is not JsonObject next)
                {
                    row[step.Name] = next = [];
                }

                row = next;
                continue;
            }

            if (row[step.Name] is not JsonArray list)
            {
                row[step.Name] = list = [];
            }

            if (isLast)
            {
                step.Set(list, value);
                return;
            }

            row = step.Item(list);
        }
    }

    // Dots inside brackets belong to a value.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '[' => 1,
                ']' => -1,
                _ => 0,
            };
            if (text[i] == '.' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static Step Parse(string text)
    {
        var bracket = text.IndexOf('[');
        if (bracket < 0)
        {
            return text.Length > 0 ? new Step(text, null, null, null) : throw new FormatException("A field has no name between two dots.");
        }

        if (bracket == 0 || text[^1] != ']')
        {
            throw new FormatException($"{text} must be a name with one selector, such as items[0] or Phones[PhoneType=DEFAULT].");
        }

        var selector = text[(bracket + 1)..^1];
        var equals = selector.IndexOf('=');
        return equals > 0
            ? new Step(text[..bracket], null, selector[..equals], selector[(equals + 1)..])
            : int.TryParse(selector, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < 100
                ? new Step(text[..bracket], index, null, null)
                : throw new FormatException($"[{selector}] must be a place from 0 to 99, or a member and its value.");
    }

    private sealed record Step(string Name, int? Index, string? Member, string? Value)
    {
        public bool HasSelector => Index is not null || Member is not null;

        public bool TrySelect(JsonElement list, out JsonElement item)
        {
            item = default;
            if (list.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            if (Index is { } index)
            {
                var isThere = index < list.GetArrayLength();
                item = isThere ? list[index] : default;
                return isThere;
            }

            foreach (var candidate in list.EnumerateArray())
            {
                if (candidate.TextAt(Member!) == Value)
                {
                    item = candidate;
                    return true;
                }
            }

            return false;
        }

        public void Set(JsonArray list, JsonNode? value)
        {
            if (Index is { } index)
            {
                while (list.Count <= index)
                {
                    list.Add(null);
                }

                list[index] = value;
                return;
            }

            list.Add(value);
        }

        public JsonObject Item(JsonArray list)
        {
            if (Index is { } index)
            {
                while (list.Count <= index)
                {
                    list.Add(new JsonObject());
                }

                return list[index] as JsonObject ?? throw new FormatException($"{Name}[{index}] is used both as a value and as an object.");
            }

            var item = list.OfType<JsonObject>().FirstOrDefault(candidate => candidate[Member!]?.GetValue<string>() == Value);
            if (item is null)
            {
                list.Add(item = new JsonObject { [Member!] = Value });
            }

            return item;
        }
    }
}

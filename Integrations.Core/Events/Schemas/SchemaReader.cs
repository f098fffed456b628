using System.Text.Json;

namespace Integrations.Core.Events.Schemas;

/// <summary>Compiles a schema, and refuses what it would not check.</summary>
internal sealed class SchemaReader(JsonElement root)
{
    private const int MaxInPlace = 30;
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    // They say something to people, and nothing about data.
    private static readonly string[] _notes = ["$comment", "$id", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"];

    private readonly Dictionary<string, SchemaNode> _targets = new(StringComparer.Ordinal);

    /// <exception cref="SchemaFaultException">Not a schema, or one with a keyword that is not supported.</exception>
    public SchemaNode Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaFaultException("#", "a schema is a JSON object.");
        }

        var node = Target("#");
        Dictionary<SchemaNode, int> lengths = [];
        foreach (var (place, target) in _targets)
        {
            if (Longest(target, lengths) > MaxInPlace)
            {
                throw new SchemaFaultException(place, "$ref goes in a circle, or through too many others.");
            }
        }

        return node;
    }

    /// <summary>What a <c>$ref</c> leads to: the whole schema, or one of its definitions.</summary>
    public SchemaNode Target(string place)
    {
        if (_targets.TryGetValue(place, out var known))
        {
            return known;
        }

        SchemaNode node = new();
        _targets[place] = node;
        Fill(node, Find(place), place);
        return node;
    }

    /// <param name="place">Where the part stands, as a JSON pointer.</param>
    public SchemaNode Read(JsonElement part, string place)
    {
        SchemaNode node = new();
        Fill(node, part, place);
        return node;
    }

    private JsonElement Find(string place)
    {
        if (place == "#")
        {
            return root;
        }

        var parts = place.Split('/');
        return parts is ["#", "$defs" or "definitions", var name] && root.TryGetProperty(parts[1], out var definitions) && definitions.ValueKind == JsonValueKind.Object
            && definitions.TryGetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out var found)
            ? found
            : throw new SchemaFaultException(place, "$ref leads nowhere. It can be #, or #/$defs/ and the name of a definition; other documents are never fetched.");
    }

    private void Fill(SchemaNode node, JsonElement part, string place)
    {
        switch (part.ValueKind)
        {
            case JsonValueKind.True:
                return;
            case JsonValueKind.False:
                node.Rules.Add(new NothingRule());
                return;
            case not JsonValueKind.Object:
                throw new SchemaFaultException(place, "a schema is a JSON object, true or false.");
        }

        SchemaKeywords keywords = new(this, node, part, place);
        foreach (var member in part.EnumerateObject())
        {
            if (member.Name == "$schema")
            {
                CheckDraft(member.Value, place);
            }
            else if (member.Name is "$defs" or "definitions" && place == "#")
            {
                ReadDefinitions(member);
            }
            else if (!_notes.Contains(member.Name, StringComparer.Ordinal))
            {
                keywords.Read(member.Name, member.Value);
            }
        }
    }

    private void ReadDefinitions(JsonProperty member)
    {
        if (member.Value.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaFaultException("#/" + member.Name, "this must be an object of schemas.");
        }

        foreach (var definition in member.Value.EnumerateObject())
        {
            Target($"#/{member.Name}/{SchemaKeywords.Escape(definition.Name)}");
        }
    }

    private static void CheckDraft(JsonElement value, string place)
    {
        if (place != "#" || value.ValueKind != JsonValueKind.String || value.GetString()!.TrimEnd('#') != Draft)
        {
            throw new SchemaFaultException(place, $"$schema can be left out, or be {Draft} at the top.");
        }
    }

    // The longest way through parts that are held against the same value; one that is still being measured is a circle.
    private static int Longest(SchemaNode node, Dictionary<SchemaNode, int> lengths)
    {
        if (lengths.TryGetValue(node, out var length))
        {
            return length;
        }

        lengths[node] = MaxInPlace + 1;
        length = node.InPlace.Count == 0 ? 0 : 1 + node.InPlace.Max(next => Longest(next, lengths));
        return lengths[node] = length;
    }
}

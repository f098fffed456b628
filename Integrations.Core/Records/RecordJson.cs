using System.Text.Json;

namespace Integrations.Core.Records;

/// <summary>Records as requests and events show them: parts of an object (<c>address.city</c>) as an object.</summary>
public static class RecordJson
{
    /// <summary>Writes the values as members of the object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, RecordType type, RecordFields fields)
    {
        // The fields of the type in their order, then the free ones; those of one object stand together.
        var names = type.Fields.Select(field => field.Name).Where(name => fields[name] is not null).Concat(fields.Names.Where(name => type.Find(name) is null));
        foreach (var group in names.GroupBy(GroupOf))
        {
            if (group.Key.Length == 0)
            {
                foreach (var name in group)
                {
                    writer.WritePropertyName(name);
                    RecordFields.WriteValue(writer, fields[name]!);
                }

                continue;
            }

            writer.WriteStartObject(group.Key);
            foreach (var name in group)
            {
                writer.WritePropertyName(name[(group.Key.Length + 1)..]);
                RecordFields.WriteValue(writer, fields[name]!);
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>The fields of a request's body: members of an object become fields with a dot.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Flatten(RecordType type, JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && IsGroup(type, member.Name))
            {
                foreach (var inner in member.Value.EnumerateObject())
                {
                    yield return ($"{member.Name}.{inner.Name}", inner.Value);
                }
            }
            else
            {
                yield return (member.Name, member.Value);
            }
        }
    }

    /// <summary>Whether a name is that of an object whose members are fields.</summary>
    public static bool IsGroup(RecordType type, string name) => type.Find(name) is null && (name == RecordTypes.CustomFields || type.Fields.Any(field => GroupOf(field.Name) == name));

    private static string GroupOf(string name) => name.IndexOf('.') is > 0 and var dot && dot < name.Length - 1 ? name[..dot] : "";
}

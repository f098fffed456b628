using System.Text;
using System.Text.Json;

namespace Integrations.Core.Events.Schemas;

/// <summary>
/// A JSON Schema, compiled: the part of draft 2020-12 that the help page <c>/help/schemas</c> lists. What is not in that part is refused when a schema is read,
/// so that nothing in it is silently left unchecked.
/// </summary>
public sealed class EventSchema
{
    public const int MaxBytes = 64 * 1024;

    private const int MaxDepth = 32;

    private readonly SchemaNode _root;

    private EventSchema(SchemaNode root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <param name="fault">What is wrong with the text and where, when it is no schema.</param>
    /// <returns>The schema, or null when the text is none.</returns>
    public static EventSchema? Parse(string text, out string? fault)
    {
        fault = null;
        try
        {
            if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            {
                fault = $"A schema may be at most {MaxBytes / 1024} KiB.";
                return null;
            }

            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return new EventSchema(new SchemaReader(document.RootElement.Clone()).Read());
        }
        catch (SchemaFaultException exception)
        {
            fault = exception.Message;
        }
        catch (JsonException exception)
        {
            fault = $"This is not valid JSON, has a member twice, or is nested more than {MaxDepth} deep; look at line {exception.LineNumber.GetValueOrDefault() + 1}.";
        }
        catch (InvalidOperationException)
        {
            fault = "A text of the schema holds half of a surrogate pair.";
        }

        return null;
    }

    /// <summary>Holds data against the schema.</summary>
    /// <param name="data">JSON in UTF-8.</param>
    /// <returns>How it departs, at most <see cref="SchemaCheck.MaxFaults"/> places; none when it does not.</returns>
    public IReadOnlyList<SchemaFault> Check(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            SchemaCheck check = new();
            check.Check(_root, document.RootElement);
            return check.Faults;
        }
        catch (JsonException)
        {
            return [new SchemaFault(SchemaCheck.Root, "must be valid JSON")];
        }
    }
}

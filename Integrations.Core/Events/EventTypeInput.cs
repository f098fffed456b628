using System.Text;
using Integrations.Core.Events.Schemas;
using Integrations.Core.Security;

namespace Integrations.Core.Events;

/// <summary>What a caller says of an event type. When one is changed, null leaves a member as it is, and an empty text takes it away.</summary>
/// <param name="Example">An example of <c>data</c>, as JSON.</param>
/// <param name="Schema">A JSON Schema for <c>data</c>, as <see cref="EventSchema"/> reads it.</param>
/// <param name="SchemaMode">What becomes of events that depart from the schema; <see cref="SchemaMode.Warn"/> for a new type when not given.</param>
public sealed record EventTypeInput(string? Description = null, string? Example = null, string? Schema = null, SchemaMode? SchemaMode = null)
{
    public const int MaxExampleLength = 16 * 1024;

    internal void Check(Faults faults)
    {
        faults.AddIf(Description?.Length > EventTypeDefinition.MaxDescriptionLength, "description", $"description may have at most {EventTypeDefinition.MaxDescriptionLength} characters.");
        faults.AddIf(Example?.Length > MaxExampleLength, "example", $"example may have at most {MaxExampleLength} characters.");
        faults.AddIf(SchemaMode is { } mode && !Enum.IsDefined(mode), "schemaMode", "schemaMode must be warn or enforce.");
        if (Schema is { Length: > 0 } && EventSchema.Parse(Schema, out var fault) is null)
        {
            faults.Add("schema", fault!);
        }
    }

    /// <summary>Writes what is given into a definition.</summary>
    /// <exception cref="Refusal"><see cref="RefusalKind.Unprocessable"/>: the example departs from the schema.</exception>
    internal void Apply(EventTypeDefinition definition)
    {
        definition.Description = Description?.Trim() ?? definition.Description;
        definition.Example = Example is null ? definition.Example : Example.Length > 0 ? Example : null;
        definition.Schema = Schema is null ? definition.Schema : Schema.Length > 0 ? Schema : null;
        definition.SchemaMode = SchemaMode ?? definition.SchemaMode;
        if (definition is { Example: { } example, Schema: { } schema } && EventSchema.Parse(schema, out _)?.Check(Encoding.UTF8.GetBytes(example)) is { Count: > 0 } departures)
        {
            throw Refusal.Unprocessable([.. departures.Select(departure => new Fault("example", $"The example departs from the schema: {departure.Path} {departure.Message}."))]);
        }
    }
}

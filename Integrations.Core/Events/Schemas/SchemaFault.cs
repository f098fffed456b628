namespace Integrations.Core.Events.Schemas;

/// <summary>Where and how data departs from its schema.</summary>
/// <param name="Path">The place in the event: <c>data.items[2].sku</c>.</param>
/// <param name="Message">What should be there: "must be of type number; it is a string".</param>
public sealed record SchemaFault(string Path, string Message);

/// <summary>Ends the reading of a schema; caught where it began.</summary>
/// <param name="place">The place in the schema, as a JSON pointer: <c>#/properties/amount</c>.</param>
internal sealed class SchemaFaultException(string place, string message) : Exception($"At {place}: {message}");

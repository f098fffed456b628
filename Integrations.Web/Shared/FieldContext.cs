namespace Integrations.Web.Shared;

/// <summary>What the input inside a <see cref="Field"/> takes over: <c>&lt;input @attributes="context.Attributes" /&gt;</c>.</summary>
public sealed record FieldContext(string Id, IReadOnlyDictionary<string, object> Attributes);

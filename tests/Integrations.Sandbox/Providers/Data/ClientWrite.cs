namespace Integrations.Sandbox.Providers.Data;

/// <summary>A row that a client of the provider made or changed.</summary>
/// <param name="Type">Such as <c>customers</c>.</param>
public sealed record ClientWrite(DateTimeOffset At, string Type, string Id, bool IsNew);

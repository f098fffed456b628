namespace Integrations.Sandbox.Providers;

/// <summary>Something that a client sent and that the real provider would have refused: a fault in the client, not in what a user typed.</summary>
/// <param name="Request">Method and path, without the query, which may hold secrets.</param>
/// <param name="Rule">What the provider demands.</param>
public sealed record Violation(DateTimeOffset At, string Provider, string Request, string Rule)
{
    public override string ToString() => $"{Provider}: {Request}: {Rule}";
}

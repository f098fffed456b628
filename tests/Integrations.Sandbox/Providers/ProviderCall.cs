namespace Integrations.Sandbox.Providers;

/// <summary>One request that reached a provider, with what it answered; 0 when it answered nothing.</summary>
/// <param name="Path">Below the provider's own prefix, without the query.</param>
public sealed record ProviderCall(DateTimeOffset At, string Method, string Path, int Status);

namespace Integrations.Core.Providers;

/// <summary>How one try of a provider call went, for whoever counts them.</summary>
/// <param name="IsError">Whether no good answer came.</param>
/// <param name="IsThrottled">Whether the provider said that it was too often.</param>
/// <param name="Quotas">What the answer told of the provider's own counting.</param>
public sealed record ProviderCall(TimeSpan Duration, bool IsError, bool IsThrottled, IReadOnlyList<ProviderQuota> Quotas);

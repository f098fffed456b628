namespace Integrations.Core.Webhooks;

/// <summary>How an endpoint orders its deliveries.</summary>
internal sealed record EndpointOrder(Guid EndpointId, OrderingMode Mode, int? GivenSkipAfter)
{
    public bool IsOrdered => Mode != OrderingMode.None;

    /// <summary>Failed tries after which a delivery holds nothing back any more, or <see cref="OrderedKeys.Never"/>.</summary>
    public long SkipAfter => Mode == OrderingMode.Skip && GivenSkipAfter is { } tries ? tries : OrderedKeys.Never;

    /// <summary>The key that counts for a delivery; null when there is none or no order.</summary>
    public string? KeyOf(string? eventKey) => IsOrdered ? eventKey : null;

    /// <summary>The keys that count, each once.</summary>
    public List<string> KeysOf(IEnumerable<string?> eventKeys) => IsOrdered ? [.. eventKeys.OfType<string>().Distinct(StringComparer.Ordinal)] : [];
}

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What to do for an endpoint in a look at the queue.</summary>
/// <param name="Count">How many due deliveries to read: those that this node holds already, which are due until their outcome is written, and as many as it wants.</param>
/// <param name="Serves">Whether to take the endpoint or to renew the time for which this node serves it.</param>
/// <param name="From">Only what is due since then, because what was due before is held.</param>
/// <param name="UrgentOnly">Only what passes by all that waits, because the rest may not go.</param>
internal sealed record ClaimOrder(Guid EndpointId, int Count, bool Serves, DateTimeOffset From = default, bool UrgentOnly = false)
{
    public bool IsWhole => From == default && !UrgentOnly;
}

/// <summary>How far a look has read.</summary>
/// <param name="At">When the last delivery that was read is due.</param>
/// <param name="Ties">How many of those that were read are due at that very time.</param>
internal readonly record struct ReadMark(DateTimeOffset At, int Ties);

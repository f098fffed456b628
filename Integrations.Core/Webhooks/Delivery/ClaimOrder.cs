namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What to do for an endpoint in a look at the queue.</summary>
/// <param name="Count">How many due deliveries to read: those that this node holds already, which are due until their outcome is written, and as many as it wants.</param>
/// <param name="Serves">Whether to take the endpoint or to renew the time for which this node serves it.</param>
internal sealed record ClaimOrder(Guid EndpointId, int Count, bool Serves);

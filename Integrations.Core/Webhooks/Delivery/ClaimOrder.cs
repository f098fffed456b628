namespace Integrations.Core.Webhooks.Delivery;

/// <summary>How many deliveries of an endpoint to claim.</summary>
/// <param name="NeedsOneNode">Whether this node must be the one that serves the endpoint.</param>
internal sealed record ClaimOrder(Guid EndpointId, int Count, bool NeedsOneNode);

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What a look at the queue brought.</summary>
/// <param name="Served">For each endpoint that was to be taken or renewed and that this node serves now: until when.</param>
/// <param name="Deliveries">Those that this node did not hold when they were read.</param>
/// <param name="Full">Endpoints for which as many were found as were asked for, so that there may be more; and how far that was.</param>
internal sealed record Claim(IReadOnlyDictionary<Guid, ServedEndpoint> Served, IReadOnlyList<ClaimedDelivery> Deliveries, IReadOnlyDictionary<Guid, ReadMark> Full);

/// <param name="IsNew">Another node may have served it since this one did, so that nothing that is known of its deliveries holds any more.</param>
internal readonly record struct ServedEndpoint(DateTimeOffset Until, bool IsNew);

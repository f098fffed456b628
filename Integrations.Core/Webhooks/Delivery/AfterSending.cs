namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What follows from the end of a request.</summary>
/// <param name="Look">Whether there is room now for more that may be due.</param>
/// <param name="CircuitChanged">Whether the circuit opened or closed, which is to be written down.</param>
internal sealed record AfterSending(bool Look, bool CircuitChanged, DateTimeOffset? CircuitOpenUntil);

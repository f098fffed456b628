using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>What a checked <see cref="ReplayInput"/> stands for.</summary>
internal sealed record ReplayChoice(DateTimeOffset From, DateTimeOffset To, ReplayTarget Target, IReadOnlyList<string> EventTypes, int? RatePerSecond)
{
    private const int MaxTypes = 100;
    private const int MaxRate = 1_000;
    private static readonly TimeSpan _defaultRange = TimeSpan.FromHours(24);

    // The words of earlier products beside ours. What waits is not among them: it goes by itself.
    private static readonly Dictionary<string, ReplayTarget> _targets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delivered"] = ReplayTarget.Delivered,
        ["success"] = ReplayTarget.Delivered,
        ["failed"] = ReplayTarget.Failed,
        ["discarded"] = ReplayTarget.Discarded,
        [ReplayInput.Kept] = ReplayTarget.Kept,
        [ReplayInput.Missing] = ReplayTarget.Missing,
    };

    public ReplaySelection Selection(WebhookEndpoint endpoint) => new(EventTypes, endpoint.Events);

    /// <exception cref="Refusal"><see cref="RefusalKind.Invalid"/>, with everything that is wrong.</exception>
    public static async Task<ReplayChoice> CheckAsync(IntegrationsDbContext db, ReplayInput input, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What was made in this very millisecond counts as made before now; nothing is chosen that is still to come.
        var latest = now.AddMilliseconds(1);
        var to = input.To is { } given && given < latest ? given : latest;
        var from = input.From ?? (to - DateTimeOffset.UnixEpoch > _defaultRange ? to - _defaultRange : DateTimeOffset.UnixEpoch);
        Faults faults = new();
        faults.AddIf(from >= to, "from", input.From < input.To ? "from must lie in the past." : "from must be earlier than to.");
        faults.AddIf(input.RatePerSecond is < 1 or > MaxRate, "ratePerSecond", $"ratePerSecond must be between 1 and {MaxRate}; leave it out for as fast as the endpoint takes them.");
        var target = ReplayTarget.Ended;
        faults.AddIf(
            input.Status is { Length: > 0 } text && !_targets.TryGetValue(text, out target),
            "status",
            $"status must be delivered, failed, discarded, {ReplayInput.Kept} or {ReplayInput.Missing}. Leave it out for all deliveries that have ended; those that wait are sent anyway.");

        var types = input.EventTypes ?? [];
        if (types.Count > 0)
        {
            var defined = await db.EventTypeDefinitions.Select(type => type.Name).ToListAsync(cancellationToken);
            CheckTypes(types, defined.ToHashSet(StringComparer.Ordinal), faults);
        }

        faults.ThrowIfAny();
        return new ReplayChoice(from, to, target, [.. types], input.RatePerSecond);
    }

    private static void CheckTypes(IReadOnlyList<string> types, IReadOnlySet<string> defined, Faults faults)
    {
        faults.AddIf(types.Count > MaxTypes, "eventTypes", $"eventTypes may name at most {MaxTypes}; use a family such as invoice.*.");
        for (var i = 0; i < types.Count; i++)
        {
            var pattern = EventTypeName.Resolve(types[i] ?? "");
            if (!EventPattern.IsWellFormed(pattern))
            {
                faults.Add($"eventTypes[{i}]", $"{types[i]} is not an event type. Use a dotted name such as invoice.paid, a family such as invoice.*, or *.");
            }
            else
            {
                faults.AddIf(!WebhookInputCheck.IsKnown(pattern, defined), $"eventTypes[{i}]", $"The event type {types[i]} is not known. GET /api/event-types lists all.");
            }
        }
    }
}

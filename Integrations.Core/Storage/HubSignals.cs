using System.Collections.Concurrent;

namespace Integrations.Core.Storage;

/// <summary>What a signal is about.</summary>
public enum HubSignalKind
{
    /// <summary>Deliveries are due: the dispatcher looks at once.</summary>
    DeliveriesDue,

    /// <summary>Deliveries of an organization changed: pages that show them read again.</summary>
    DeliveriesChanged,

    /// <summary>Events of an organization were published.</summary>
    EventsPublished,

    /// <summary>What the charts of an organization's endpoints are drawn from changed.</summary>
    StatisticsChanged,

    /// <summary>Endpoints of an organization changed.</summary>
    EndpointsChanged,

    /// <summary>API keys of an organization changed.</summary>
    ApiKeysChanged,

    /// <summary>Event types of an organization changed.</summary>
    EventTypesChanged,

    /// <summary>Replays of an organization began, moved on or ended.</summary>
    ReplaysChanged,

    /// <summary>Connections of an organization, or its OAuth clients, changed.</summary>
    ConnectionsChanged,

    /// <summary>Calls of an organization's connections were counted.</summary>
    ProviderCallsChanged,

    /// <summary>Somebody gave up deliveries of an organization: what the dispatcher has in memory must be read again.</summary>
    DeliveriesWithdrawn,

    /// <summary>Records of an organization changed.</summary>
    RecordsChanged,

    /// <summary>Sync runs wait to be taken up.</summary>
    SyncsQueued,

    /// <summary>Sync runs of an organization began, moved on or ended.</summary>
    SyncsChanged,

    /// <summary>Stored keys of an organization changed, or one was used.</summary>
    StoredKeysChanged,
}

/// <summary>A hint that something changed. It carries no data: whoever hears it reads the database, and a lost one costs only time.</summary>
public readonly record struct HubSignal(HubSignalKind Kind, Guid OrganizationId)
{
    internal string ToText() => $"{(int)Kind}:{OrganizationId:N}";

    internal static HubSignal? Parse(string text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), out var kind) && Guid.TryParseExact(text.AsSpan(colon + 1), "N", out var id)
            ? new HubSignal((HubSignalKind)kind, id)
            : null;
    }
}

/// <summary>Carries hints between the parts of the hub; on PostgreSQL <see cref="PostgresSignalSender"/> and <see cref="PostgresSignalRelay"/> carry them between nodes too.</summary>
public sealed class HubSignals
{
    private readonly ConcurrentDictionary<object, Action<HubSignal>> _subscribers = new();

    /// <summary>Tells this node's signals from those of the others.</summary>
    internal string Node { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Calls back on every signal, on the thread that published it: the callback must return at once and not throw.</summary>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable Subscribe(Action<HubSignal> callback)
    {
        var subscription = new Subscription(_subscribers);
        _subscribers[subscription] = callback;
        return subscription;
    }

    internal void Publish(HubSignal signal)
    {
        foreach (var (_, callback) in _subscribers)
        {
            callback(signal);
        }
    }

    private sealed class Subscription(ConcurrentDictionary<object, Action<HubSignal>> subscribers) : IDisposable
    {
        public void Dispose() => subscribers.TryRemove(this, out _);
    }
}

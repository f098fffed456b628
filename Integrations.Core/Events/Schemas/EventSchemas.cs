using System.Collections.Concurrent;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Events.Schemas;

/// <summary>
/// Holds events against the schemas of their types. Compiled schemas are kept; a signal drops them at once, and beyond that an entry lives a second, which is how
/// long a node may miss what another one changed when the signal is lost.
/// </summary>
public sealed class EventSchemas : IDisposable
{
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan _maxAge = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(Guid Organization, string Type), Entry> _entries = new();
    private readonly HubDbContextFactory _contexts;
    private readonly TimeProvider _time;
    private readonly ILogger<EventSchemas> _log;
    private readonly IDisposable _subscription;
    private int _generation;

    public EventSchemas(HubDbContextFactory contexts, HubSignals signals, TimeProvider time, ILogger<EventSchemas> log)
    {
        _contexts = contexts;
        _time = time;
        _log = log;
        _subscription = signals.Subscribe(signal =>
        {
            if (signal.Kind == HubSignalKind.EventTypesChanged)
            {
                Interlocked.Increment(ref _generation);
                _entries.Clear();
            }
        });
    }

    /// <returns>How the event departs from its schema; null when it does not, or has none.</returns>
    /// <param name="type">The type, resolved.</param>
    public async ValueTask<SchemaVerdict?> CheckAsync(Actor actor, Guid organization, string type, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // Only what an organization defined has a schema.
        if (EventCatalogue.Find(type) is not null)
        {
            return null;
        }

        var entry = await FindAsync(actor, (organization, type), cancellationToken);
        return entry.Schema?.Check(data) is { Count: > 0 } departures ? new SchemaVerdict(type, entry.Mode, departures) : null;
    }

    public void Dispose() => _subscription.Dispose();

    private async ValueTask<Entry> FindAsync(Actor actor, (Guid Organization, string Type) key, CancellationToken cancellationToken)
    {
        var isKept = _entries.TryGetValue(key, out var kept);
        if (isKept && _time.GetElapsedTime(kept.LoadedAt) < _maxAge)
        {
            return kept;
        }

        var generation = Volatile.Read(ref _generation);
        var now = _time.GetTimestamp();
        await using var db = _contexts.Create(actor);
        var row = await db.EventTypeDefinitions.Where(type => type.OrganizationId == key.Organization && type.Name == key.Type)
            .Select(type => new { type.Schema, type.SchemaMode }).FirstOrDefaultAsync(cancellationToken);
        // Most of the time it has not changed, and need not be compiled again.
        var schema = isKept && kept.Text == row?.Schema ? kept.Schema : Compile(key.Type, row?.Schema);
        Entry entry = new(row?.Schema, schema, row?.SchemaMode ?? SchemaMode.Warn, now);
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }

        // What was read before a change must not be kept after it.
        if (generation == Volatile.Read(ref _generation))
        {
            _entries[key] = entry;
        }

        return entry;
    }

    // A schema that was accepted once must not keep events from being published.
    private EventSchema? Compile(string type, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var schema = EventSchema.Parse(text, out var fault);
        if (fault is not null)
        {
            EventLog.SchemaNotRead(_log, type, fault);
        }

        return schema;
    }

    private readonly record struct Entry(string? Text, EventSchema? Schema, SchemaMode Mode, long LoadedAt);
}

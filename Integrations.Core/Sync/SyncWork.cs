using System.Collections.Concurrent;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>Whose change counts when both sides changed.</summary>
internal enum ConflictPolicy
{
    Newest = 0,
    Provider = 1,
    Platform = 2,
}

/// <summary>The node does not have the run any more: somebody else has it, or it ended.</summary>
internal sealed class SyncLostException() : Exception("The sync run is no longer this node's.");

/// <summary>Somebody cancelled the run.</summary>
internal sealed class SyncCancelledException() : Exception("The sync run was cancelled.");

/// <summary>A run under way: what it works with.</summary>
internal sealed class SyncWork(SyncRun run, Connection connection, ProviderSession session, string owner)
{
    // Rows are mapped while others are stored.
    private readonly ConcurrentDictionary<string, RecordMapper> _mappers = new(StringComparer.Ordinal);

    public SyncRun Run => run;

    public Connection Connection => connection;

    public Guid Organization => run.OrganizationId;

    public Connector Connector => session.Connector;

    public ProviderSession Session => session;

    public string Owner => owner;

    /// <summary>What links note of rows that came or went in this run, so that no pass before it takes them for missing.</summary>
    public long Seen => run.CreatedAt.ToUnixTimeMilliseconds();

    public ConflictPolicy Policy { get; } = connection.Settings.GetValueOrDefault(ConnectionSettings.ConflictPolicy) switch
    {
        "provider" => ConflictPolicy.Provider,
        "platform" => ConflictPolicy.Platform,
        _ => ConflictPolicy.Newest,
    };

    /// <summary>The mappings that the connection has of its own, by data type.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FieldMapping>> Mappings { get; init; } = new Dictionary<string, IReadOnlyList<FieldMapping>>(StringComparer.Ordinal);

    public RecordOccasion Occasion { get; } = new(run.Provider, $"Sync with {session.Connector.Info.Name}", run.Id, IsBulk: true);

    public ConnectorDataType DataType(string name) => Connector.DataTypes.First(type => type.Name == name);

    /// <summary>The hub's type of a data type's records; null when there is none.</summary>
    public RecordType? RecordTypeOf(string dataType) => RecordTypes.Find(Connector.DataTypes.FirstOrDefault(known => known.Name == dataType)?.RecordType ?? dataType);

    public RecordMapper MapperOf(string dataType) => _mappers.GetOrAdd(dataType, name =>
    {
        var type = DataType(name);
        return new RecordMapper(RecordTypes.Find(type.RecordType)!, Mappings.GetValueOrDefault(name) ?? type.Mapping);
    });
}

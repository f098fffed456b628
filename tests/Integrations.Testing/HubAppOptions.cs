using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Testing;

/// <summary>How a test wants its hub.</summary>
public sealed record HubAppOptions
{
    public DatabaseProvider Database { get; init; } = DatabaseProvider.Sqlite;

    public string Environment { get; init; } = "Development";

    /// <summary>Gives <c>Setup:*</c>, so that the first organization is there; else the hub waits for <c>/setup</c>.</summary>
    public bool IsSetUp { get; init; } = true;

    /// <summary>Begins with a database that is migrated already; else the hub migrates an empty one.</summary>
    public bool IsMigrated { get; init; } = true;

    /// <summary>Listens on a real port, for browsers and sockets; else requests are handed over in memory.</summary>
    public bool ListensOnPort { get; init; }

    /// <summary>Changes the hub's services after they were registered, such as <c>ConnectorCatalog</c> for a provider that there is only in a test.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>Settings over the others: <c>["Webhooks:MaxEndpoints"] = "2"</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>
    /// The hub's time. Ids follow the latest time that any hub of the process saw, so a clock that will be moved should begin in the past:
    /// <c>new FakeClock(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))</c>.
    /// </summary>
    public TimeProvider? Time { get; init; }
}

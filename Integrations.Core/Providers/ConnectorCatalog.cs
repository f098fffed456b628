using System.Collections.Frozen;

namespace Integrations.Core.Providers;

/// <summary>All connectors, found once: adding a provider is adding its class.</summary>
public sealed class ConnectorCatalog
{
    private readonly FrozenDictionary<string, Connector> _byName;

    public ConnectorCatalog(IEnumerable<Connector> connectors)
    {
        All = [.. connectors.OrderBy(connector => connector.Info.Name, StringComparer.OrdinalIgnoreCase)];
        _byName = All.SelectMany(connector => connector.Info.Aliases.Prepend(connector.Info.Key).Select(name => (name, connector)))
            .ToFrozenDictionary(pair => pair.name, pair => pair.connector, StringComparer.Ordinal);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<Connector> All { get; }

    /// <summary>The sealed connectors of this assembly.</summary>
    public static ConnectorCatalog FromAssembly() => new(typeof(Connector).Assembly.GetTypes()
        .Where(type => type is { IsSealed: true, IsAbstract: false } && typeof(Connector).IsAssignableFrom(type))
        .Select(type => (Connector)Activator.CreateInstance(type)!));

    /// <summary>The connector with a key, an alias, or either in the style of constants (<c>GOOGLE_DRIVE</c>); null when there is none.</summary>
    public Connector? Find(string? name) => name is { Length: > 0 and <= 64 } ? _byName.GetValueOrDefault(name.Trim().ToLowerInvariant().Replace('_', '-')) : null;
}

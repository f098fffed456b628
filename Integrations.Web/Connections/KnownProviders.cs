using Integrations.Core.Providers;

namespace Integrations.Web.Connections;

/// <summary>The providers that the hub is built with, for what is known before any service is made: the pages of the help and the command palette.</summary>
internal static class KnownProviders
{
    public static ConnectorCatalog Catalog { get; } = ConnectorCatalog.FromAssembly();
}

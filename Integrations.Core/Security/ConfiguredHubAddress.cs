using Microsoft.Extensions.Options;

namespace Integrations.Core.Security;

/// <summary>The address that the setting <c>PublicUrl</c> names, for a core that runs without a web server.</summary>
internal sealed class ConfiguredHubAddress(IOptions<HubOptions> options) : IHubAddress
{
    public string PublicUrl => options.Value.PublicUrl is { Length: > 0 } set ? set.TrimEnd('/') : "http://localhost:5000";
}

namespace Integrations.Core.Security;

/// <summary>Settings at the top of the configuration.</summary>
public sealed class HubOptions
{
    /// <summary>Where browsers and partners reach the hub, without a path's end slash. Links are built from it, never from the Host header.</summary>
    public string PublicUrl { get; set; } = "";
}

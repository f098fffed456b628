namespace Integrations.Core.Security;

/// <summary>Where the outside reaches the hub: links and redirect URIs are built from it, never from a request.</summary>
public interface IHubAddress
{
    /// <summary>Without a slash at the end.</summary>
    string PublicUrl { get; }
}

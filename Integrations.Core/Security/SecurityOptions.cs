using System.Net;

namespace Integrations.Core.Security;

/// <summary>Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>Networks (CIDR) that typed URLs may lead to although they are private, and where plain http is taken. Empty in production.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Proxies (addresses or CIDR) whose <c>X-Forwarded-*</c> headers are believed. Empty: none.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>A network from an address (<c>10.0.0.7</c>) or a CIDR (<c>10.0.0.0/8</c>, host bits zero), or null.</summary>
    public static IPNetwork? ParseNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return !text.Contains('/') && IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}

using System.Net;
using System.Net.Sockets;

namespace Integrations.Core.Security;

/// <summary>
/// Which addresses are on the public internet, by IANA's special-purpose registries. Forms that carry an IPv4 address inside (mapped, NAT64, 6to4,
/// Teredo) are never public: a translator on the way could lead them inside.
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] _notPublicV4 = Parse(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", // private
        "100.64.0.0/10", // carrier-grade NAT
        "127.0.0.0/8", // loopback
        "169.254.0.0/16", // link-local, and clouds' metadata
        "172.16.0.0/12", // private
        "192.0.0.0/24", // protocol assignments
        "192.0.2.0/24", // documentation
        "192.31.196.0/24", // AS112
        "192.52.193.0/24", // AMT
        "192.88.99.0/24", // 6to4 relays
        "192.168.0.0/16", // private
        "192.175.48.0/24", // AS112
        "198.18.0.0/15", // benchmarks
        "198.51.100.0/24", // documentation
        "203.0.113.0/24", // documentation
        "224.0.0.0/4", // multicast
        "240.0.0.0/4"); // reserved, and broadcast

    private static readonly IPNetwork _globalUnicastV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] _notPublicV6 = Parse(
        "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32", // documentation
        "2002::/16", // 6to4
        "2620:4f:8000::/48", // AS112
        "3fff::/20"); // documentation

    /// <summary>Whether an address may be called without being on the list of allowed networks.</summary>
    public static bool Contains(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(_notPublicV4, network => network.Contains(address)),
        // Outside 2000::/3 lie loopback, ULA, link-local, multicast, mapped and NAT64 forms, and nothing that is routed publicly.
        // Note: IPNetwork says that 2000::/3 contains mapped addresses (::ffff:10.0.0.1), so these are asked for by name.
        AddressFamily.InterNetworkV6 => address.ScopeId == 0
            && !address.IsIPv4MappedToIPv6
            && _globalUnicastV6.Contains(address)
            && !Array.Exists(_notPublicV6, network => network.Contains(address)),
        _ => false,
    };

    private static IPNetwork[] Parse(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}

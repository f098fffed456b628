using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Security;

/// <summary>Looks names up. The seam through which tests change a name's address between the check and the connection.</summary>
public interface INameResolver
{
    /// <exception cref="SocketException">The name has no address.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>The operating system's resolver.</summary>
public sealed class DnsNameResolver : INameResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

/// <summary>A host that the guard does not let the hub call.</summary>
public sealed class AddressRefusedException(string message) : Exception(message);

/// <summary>
/// Keeps URLs that users type from leading inside (SSRF). A host is resolved once; if any of its addresses is not public and not on
/// <see cref="SecurityOptions.AllowedNetworks"/>, it is refused; the caller connects to the vetted addresses and looks nothing up again.
/// Asked when a URL is saved, for an early answer, and at every connection, which is the real guard.
/// </summary>
public sealed class AddressGuard(INameResolver resolver, IOptionsMonitor<SecurityOptions> options)
{
    /// <summary>Why a URL may not be saved, or null when it may.</summary>
    public async Task<string?> CheckUrlAsync(string? url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            return "Give an absolute URL that begins with https://.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "Take the user name and password out of the URL; send credentials in a header of the endpoint instead.";
        }

        if (uri.Fragment.Length > 0)
        {
            return "Take the part after # out of the URL; it is never sent.";
        }

        if (uri.Port == 0)
        {
            return "Port 0 cannot be called; give a port between 1 and 65535.";
        }

        try
        {
            await VetAsync(uri, cancellationToken);
            return null;
        }
        catch (AddressRefusedException refused)
        {
            return refused.Message;
        }
        catch (SocketException)
        {
            // A name that does not resolve yet may be saved over https: the endpoint may go live later, and every connection is vetted again.
            return uri.Scheme == Uri.UriSchemeHttps ? null : $"The host {uri.Host} was not found, and only https URLs may be saved before their host exists.";
        }
    }

    /// <summary>The addresses to which a request for this URL may connect, all of them vetted.</summary>
    /// <exception cref="AddressRefusedException">An address is not public, or the URL is not https where that is required.</exception>
    /// <exception cref="SocketException">The name has no address.</exception>
    public async Task<IPAddress[]> VetAsync(Uri uri, CancellationToken cancellationToken)
    {
        var host = uri.IdnHost;
        var isAddress = IPAddress.TryParse(host, out var literal);
        if (!isAddress && EndsInNumber(host))
        {
            throw new AddressRefusedException($"{host} is neither a name nor an address. Write an IPv4 address as four decimal numbers.");
        }

        var addresses = isAddress ? [literal!] : await resolver.ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var allowed = AllowedNetworks();
        var allListed = true;
        foreach (var address in addresses)
        {
            var listed = IsListed(allowed, address);
            allListed &= listed;
            if (!listed && !PublicAddresses.Contains(address))
            {
                var what = isAddress ? $"{address} is not a public address" : $"{host} leads to {address}, which is not a public address";
                throw new AddressRefusedException($"{what}. Who runs the hub can allow its network with the setting Security:AllowedNetworks.");
            }
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !allListed)
        {
            throw new AddressRefusedException("Use https. Plain http is taken only for networks on the setting Security:AllowedNetworks.");
        }

        return addresses;
    }

    // No top-level domain is a number, so this is an address in a spelling that only some resolvers would understand (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    private static bool EndsInNumber(string host)
    {
        var last = host.TrimEnd('.').Split('.')[^1];
        return last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsListed(List<IPNetwork> allowed, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Exists(network => network.Contains(plain));
    }

    private List<IPNetwork> AllowedNetworks()
    {
        List<IPNetwork> networks = [];
        foreach (var text in options.CurrentValue.AllowedNetworks)
        {
            if (SecurityOptions.ParseNetwork(text) is { } network)
            {
                networks.Add(network);
            }
        }

        return networks;
    }
}

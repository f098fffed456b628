using System.Net;
using System.Net.Sockets;

namespace Integrations.Core.Security;

/// <summary>Connects to addresses that <see cref="AddressGuard"/> has vetted: never to the name again, which a second look-up could answer otherwise.</summary>
internal static class VettedSocket
{
    public static async Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Integrations.Testing;

public static class FreePort
{
    /// <summary>Free now; somebody else may take it before it is used, so a server that can bind to 0 should do that instead.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

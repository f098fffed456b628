using System.Net;
using System.Net.Sockets;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>A connection that tells a try that it was sent over it: the HTTP client does not say which of its open connections it takes.</summary>
internal sealed class TracedStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private static readonly AsyncLocal<ConnectionTimings?> _sending = new();

    /// <summary>The other end.</summary>
    public string? RemoteAddress { get; } = Describe(socket.RemoteEndPoint);

    /// <summary>Whether requests go over it. Before, what is written opens it, and may still do so for a try that has found another one meanwhile.</summary>
    public bool IsOpened { get; set; }

    /// <summary>Hears that it is closed.</summary>
    public Action? Closed { get; set; }

    /// <summary>What the present flow sends from here on is sent for this try.</summary>
    public static void SendFor(ConnectionTimings? timings) => _sending.Value = timings;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsOpened)
        {
            _sending.Value?.Used = this;
        }

        return base.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        Closed?.Invoke();
        base.Dispose(disposing);
    }

    private static string? Describe(EndPoint? endpoint) => endpoint is IPEndPoint ip
        ? new IPEndPoint(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address, ip.Port).ToString()
        : null;
}

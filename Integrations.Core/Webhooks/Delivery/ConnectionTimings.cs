namespace Integrations.Core.Webhooks.Delivery;

/// <summary>How a try came by its connection: how long opening one took, and which it used in the end.</summary>
internal sealed class ConnectionTimings
{
    public TimeSpan? Dns { get; set; }

    public TimeSpan? Connect { get; set; }

    public TimeSpan? Tls { get; set; }

    /// <summary>When TCP was connected, as a timestamp of the time provider.</summary>
    public long ConnectedAt { get; set; }

    /// <summary>The connection that was opened for this try. Another may have become free meanwhile.</summary>
    public TracedStream? Opened { get; set; }

    /// <summary>The connection that its request went over; null when nothing was sent.</summary>
    public TracedStream? Used { get; set; }

    /// <summary>Whether it went over a connection that an earlier try had opened.</summary>
    public bool IsReused => Used is not null && Used != Opened;

    public string? RemoteAddress => (Used ?? Opened)?.RemoteAddress;
}

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What is noted while a try comes by its connection. Opening one may go on when the try has long ended over another.</summary>
internal sealed class ConnectionTimings
{
    /// <summary>Whether opening one began.</summary>
    public bool IsOpening { get; set; }

    public TimeSpan? Dns { get; set; }

    public TimeSpan? Connect { get; set; }

    public TimeSpan? Tls { get; set; }

    /// <summary>When TCP was connected, as a timestamp of the time provider.</summary>
    public long ConnectedAt { get; set; }

    /// <summary>The connection that was opened for this try.</summary>
    public TracedStream? Opened { get; set; }

    /// <summary>The connection that its request went over; null when nothing was sent.</summary>
    public TracedStream? Used { get; set; }

    /// <summary>As it stands when the try ends.</summary>
    public AttemptConnection Result()
    {
        var used = Used;
        return used is not null && used != Opened
            ? new AttemptConnection(used.RemoteAddress, IsReused: true, null, null, null)
            : new AttemptConnection(Opened?.RemoteAddress, IsReused: false, Dns, Connect, Tls);
    }
}

/// <summary>The connection of a try.</summary>
/// <param name="IsReused">It was open already, so nothing was looked up or connected.</param>
internal readonly record struct AttemptConnection(string? RemoteAddress, bool IsReused, TimeSpan? Dns, TimeSpan? Connect, TimeSpan? Tls);

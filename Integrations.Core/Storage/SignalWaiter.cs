using System.Threading.Channels;

namespace Integrations.Core.Storage;

/// <summary>Waits for a signal, again and again. Signals that come while nobody waits are remembered as one.</summary>
public sealed class SignalWaiter : IDisposable
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IDisposable _subscription;

    public SignalWaiter(HubSignals signals, HubSignal wanted)
        : this(signals, signal => signal == wanted)
    {
    }

    /// <param name="isWanted">Asked on the thread that published: it must return at once.</param>
    public SignalWaiter(HubSignals signals, Func<HubSignal, bool> isWanted) => _subscription = signals.Subscribe(signal =>
    {
        if (isWanted(signal))
        {
            Wake();
        }
    });

    /// <summary>As if a signal came.</summary>
    public void Wake() => _channel.Writer.TryWrite(true);

    /// <returns>False when cancelled before a signal came.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _channel.Reader.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits for a signal, but only so long.</summary>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await WaitAsync(both.Token);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _subscription.Dispose();
}

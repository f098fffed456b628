using System.Threading.Channels;

namespace Integrations.Core.Storage;

/// <summary>Waits for a signal, again and again. Signals that come while nobody waits are remembered as one.</summary>
public sealed class SignalWaiter : IDisposable
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IDisposable _subscription;

    public SignalWaiter(HubSignals signals, HubSignal wanted) => _subscription = signals.Subscribe(signal =>
    {
        if (signal == wanted)
        {
            _channel.Writer.TryWrite(true);
        }
    });

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

    public void Dispose() => _subscription.Dispose();
}

using System.Threading.Channels;
using Integrations.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Writes the outcomes of tries in lots. When the database is away it keeps trying, and sending halts behind it: what is not written is not forgotten.</summary>
internal sealed class OutcomeWriter(OutcomeStore store, StatisticsRecorder statistics, TimeProvider time, ILogger<OutcomeWriter> log)
{
    private const int MaxLot = 500;
    private const int TriesBeforeSplit = 3;

    private readonly Channel<DeliveryOutcome> _channel = Channel.CreateBounded<DeliveryOutcome>(new BoundedChannelOptions(4096) { SingleReader = true });
    private Task _loop = Task.CompletedTask;
    private volatile bool _isFailing;

    /// <summary>Whether the last writing failed, so that the database does not know what was done.</summary>
    public bool IsFailing => _isFailing;

    /// <param name="onWritten">Hears after each lot which outcomes were written, and which cannot be.</param>
    public void Start(Action<List<DeliveryOutcome>, List<DeliveryOutcome>> onWritten) => _loop = Task.Run(() => RunAsync(onWritten));

    public ValueTask AddAsync(DeliveryOutcome outcome) => _channel.Writer.WriteAsync(outcome);

    /// <summary>Ends when everything is written.</summary>
    public Task EndAsync()
    {
        _channel.Writer.TryComplete();
        return _loop;
    }

    private async Task RunAsync(Action<List<DeliveryOutcome>, List<DeliveryOutcome>> onWritten)
    {
        List<DeliveryOutcome> lot = new(MaxLot);
        while (await _channel.Reader.WaitToReadAsync())
        {
            while (lot.Count < MaxLot && _channel.Reader.TryRead(out var outcome))
            {
                lot.Add(outcome);
            }

            var givenUp = await WriteAsync(lot);
            lot.RemoveAll(givenUp.Contains);
            statistics.Add(lot);
            onWritten(lot, givenUp);
            lot.Clear();
        }
    }

    /// <returns>Those that cannot be written.</returns>
    private async Task<List<DeliveryOutcome>> WriteAsync(List<DeliveryOutcome> lot)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await store.WriteAsync(lot, again: tries > 1, CancellationToken.None);
                _isFailing = false;
                return [];
            }
            catch (Exception exception)
            {
                WebhookLog.OutcomesNotWritten(log, lot.Count, exception);
                _isFailing = true;
                if (tries >= TriesBeforeSplit && await TrySplitAsync(lot) is { } givenUp)
                {
                    return givenUp;
                }

                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    // When some can be written and some cannot, the database is well and those are at fault: they must not hold up all others for ever.
    /// <returns>Null when none could be written.</returns>
    private async Task<List<DeliveryOutcome>?> TrySplitAsync(List<DeliveryOutcome> lot)
    {
        List<(DeliveryOutcome Outcome, Exception Exception)> failed = [];
        foreach (var outcome in lot)
        {
            try
            {
                await store.WriteAsync([outcome], again: true, CancellationToken.None);
            }
            catch (Exception exception)
            {
                failed.Add((outcome, exception));
            }
        }

        if (failed.Count == lot.Count)
        {
            return null;
        }

        _isFailing = false;
        foreach (var (outcome, exception) in failed)
        {
            WebhookLog.OutcomeGivenUp(log, PublicId.Format(PublicId.Delivery, outcome.Delivery.Id), exception);
        }

        return failed.ConvertAll(item => item.Outcome);
    }
}

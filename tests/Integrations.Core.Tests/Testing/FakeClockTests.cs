using Integrations.Testing;

namespace Integrations.Core.Tests.Testing;

public sealed class FakeClockTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _clock);

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_repeating_timer_runs_once_for_each_period_at_its_own_time()
    {
        var start = _clock.GetUtcNow();
        var times = new List<TimeSpan>();
        using var timer = _clock.CreateTimer(_ => times.Add(_clock.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal([1, 3, 5], times.Select(time => (int)time.TotalSeconds));
        Assert.Equal(start + TimeSpan.FromSeconds(6), _clock.GetUtcNow());
    }

    [Fact]
    public void A_time_out_cancels_and_a_disposed_one_does_not()
    {
        using var kept = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);
        var dropped = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);
        var token = dropped.Token;
        dropped.Dispose();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(kept.IsCancellationRequested);
        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_is_awaited_until_it_has_come_to_its_delay()
    {
        var work = Task.Run(async () =>
        {
            await Task.Yield();
            await Task.Delay(TimeSpan.FromHours(1), _clock);
        });

        await _clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromHours(1));

        await work.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Two_threads_that_move_it_do_not_set_it_back()
    {
        FakeClock clock = new();
        var start = clock.GetUtcNow();

        // A timer that is due at once moves the clock by nothing, on its own thread.
        await using var timer = clock.CreateTimer(_ => Task.Run(() => clock.Advance(TimeSpan.FromMinutes(10))).Wait(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        Assert.Equal(start.AddMinutes(10), clock.GetUtcNow());
    }
}

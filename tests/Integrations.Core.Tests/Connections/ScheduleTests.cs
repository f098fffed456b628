using Integrations.Core.Connections;
using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Connections;

/// <summary>When a connection is looked at next.</summary>
public sealed class ScheduleTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly OAuthMethod _usual = new("https://a.example/", "https://b.example/");

    [Theory]
    [InlineData(10, 2)]
    [InlineData(30, 6)]
    [InlineData(60, 12)]
    [InlineData(75, 15)]
    [InlineData(120, 15)]
    [InlineData(1000, 15)]
    public void A_token_is_renewed_a_fifth_of_its_life_ahead_and_fifteen_minutes_at_most(int minutes, int ahead)
    {
        for (var turn = 0; turn < 100; turn++)
        {
            var look = ConnectionSchedule.AfterSuccess(AuthMode.OAuth2, _usual, _now.AddMinutes(minutes), _now)!.Value;
            Assert.InRange(_now.AddMinutes(minutes) - look, TimeSpan.FromMinutes(ahead), TimeSpan.FromMinutes(ahead * 1.1));
            Assert.True(ConnectionSchedule.IsRefreshDue(_usual, _now.AddMinutes(minutes), look));
        }
    }

    [Fact]
    public void One_that_can_be_renewed_only_while_it_lives_is_renewed_long_before()
    {
        var slow = _usual with { RefreshAhead = TimeSpan.FromDays(14) };
        var expiry = _now.AddDays(60);
        Assert.False(ConnectionSchedule.IsRefreshDue(slow, expiry, _now.AddDays(44)));
        Assert.True(ConnectionSchedule.IsRefreshDue(slow, expiry, _now.AddDays(46)));
        // The probe of each day finds that it is due.
        Assert.InRange(ConnectionSchedule.AfterSuccess(AuthMode.OAuth2, slow, expiry, _now)!.Value - _now, TimeSpan.FromHours(24), TimeSpan.FromHours(26.4));
        // A provider that gave little does not have the hub ask every half minute.
        Assert.InRange(ConnectionSchedule.AfterSuccess(AuthMode.OAuth2, slow, _now.AddDays(5), _now)!.Value - _now, TimeSpan.FromHours(24), TimeSpan.FromHours(26.4));
    }

    [Fact]
    public void One_that_cannot_be_renewed_is_looked_at_when_it_ends()
    {
        Assert.Equal(_now.AddHours(3), ConnectionSchedule.AfterSuccess(AuthMode.Token, null, _now.AddHours(3), _now));
        Assert.InRange(ConnectionSchedule.AfterSuccess(AuthMode.ApiKey, null, null, _now)!.Value - _now, TimeSpan.FromHours(24), TimeSpan.FromHours(26.4));
        Assert.Null(ConnectionSchedule.AfterSuccess(AuthMode.WebhookUrl, null, null, _now));
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(7, 1920)]
    [InlineData(8, 3600)]
    [InlineData(1000, 3600)]
    public void Failures_in_a_row_are_tried_again_ever_more_rarely(int failures, int seconds)
    {
        Assert.InRange(ConnectionSchedule.AfterFailure(failures, null, _now) - _now, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds * 1.1));
        Assert.Equal(_now.AddHours(5), ConnectionSchedule.AfterFailure(failures, TimeSpan.FromHours(5), _now));
        Assert.InRange(ConnectionSchedule.AfterFailure(failures, TimeSpan.FromSeconds(1), _now) - _now, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds * 1.1));
    }
}

using Bunit;
using Integrations.Core.Storage;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class LiveUpdatesTests : HubTest
{
    private int _calls;
    private Func<Task> _work = () => Task.CompletedTask;

    [Fact]
    public void A_change_is_told_at_once_and_many_that_follow_as_one()
    {
        var live = RenderLive();

        Signal();
        Eventually(() => _calls == 1 && live.Instance.State == (false, false));
        for (var i = 0; i < 5; i++)
        {
            Signal();
        }

        Assert.Equal(1, _calls);
        Time.Advance(LiveUpdates.Interval);

        Eventually(() => _calls == 2);
    }

    [Fact]
    public void Changes_of_other_kinds_and_of_other_organizations_are_not_told()
    {
        var live = RenderLive();

        Hub.Get<HubSignals>().Publish(new HubSignal(HubSignalKind.ApiKeysChanged, Hub.Owner.OrganizationId!.Value));
        Hub.Get<HubSignals>().Publish(new HubSignal(HubSignalKind.DeliveriesChanged, Guid.NewGuid()));
        Time.Advance(LiveUpdates.Interval);

        Assert.Equal(((false, false), 0), (live.Instance.State, _calls));
    }

    [Fact]
    public void A_change_during_a_call_is_told_after_it()
    {
        TaskCompletionSource slow = new();
        _work = () => slow.Task;
        var live = RenderLive();
        Signal();
        Eventually(() => _calls == 1);

        Signal();
        Time.Advance(LiveUpdates.Interval);
        Assert.Equal(1, _calls);
        slow.SetResult();
        Eventually(() => live.Instance.State == (true, false));
        Time.Advance(LiveUpdates.Interval);

        Eventually(() => _calls == 2);
    }

    [Fact]
    public async Task Nothing_is_told_after_the_page_is_gone()
    {
        var live = RenderLive().Instance;

        await DisposeComponentsAsync();
        Signal();
        Time.Advance(LiveUpdates.Interval);

        Assert.Equal(((false, false), 0), (live.State, _calls));
    }

    private void Signal() => Hub.Get<HubSignals>().Publish(new HubSignal(HubSignalKind.DeliveriesChanged, Hub.Owner.OrganizationId!.Value));

    // The component draws nothing, so that nothing tells bUnit to look again.
    private static void Eventually(Func<bool> isSo) => Assert.True(SpinWait.SpinUntil(isSo, TimeSpan.FromSeconds(5)));

    private IRenderedComponent<LiveUpdates> RenderLive()
    {
        var live = Render<LiveUpdates>(p => p
            .Add(l => l.Kinds, [HubSignalKind.DeliveriesChanged])
            .Add(l => l.OnChange, () =>
            {
                _calls++;
                return _work();
            }));
        Eventually(() => live.Instance.IsListening);
        return live;
    }
}

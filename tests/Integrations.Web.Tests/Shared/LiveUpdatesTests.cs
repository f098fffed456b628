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
        Eventually(() => _calls == 1);
        Wait(live);
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
        Wait(live);

        Assert.Equal(0, _calls);
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
        Wait(live);
        Time.Advance(LiveUpdates.Interval);

        Eventually(() => _calls == 2);
    }

    [Fact]
    public async Task Nothing_is_told_after_the_page_is_gone()
    {
        RenderLive();

        await DisposeComponentsAsync();
        Signal();
        Time.Advance(LiveUpdates.Interval);
        await Task.Delay(50);

        Assert.Equal(0, _calls);
    }

    private void Signal() => Hub.Get<HubSignals>().Publish(new HubSignal(HubSignalKind.DeliveriesChanged, Hub.Owner.OrganizationId!.Value));

    // The component draws nothing, so that nothing tells bUnit to look again.
    private static void Eventually(Func<bool> isSo) => Assert.True(SpinWait.SpinUntil(isSo, TimeSpan.FromSeconds(5)));

    // Lets what was handed to the component's dispatcher end.
    private static void Wait(IRenderedComponent<LiveUpdates> live)
    {
        Thread.Sleep(50);
        live.InvokeAsync(() => { }).GetAwaiter().GetResult();
    }

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

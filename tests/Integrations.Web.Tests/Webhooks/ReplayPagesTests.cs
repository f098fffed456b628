using Bunit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Shared;
using Integrations.Web.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>The dialog that starts a replay, the list of replays, and the notice of what was kept.</summary>
public sealed class ReplayPagesTests : WebhookTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_dialog_begins_with_the_filters_of_the_list_and_says_how_many_match()
    {
        var id = await AddEndedAsync(3, DeliveryStatus.Failed);
        await AddEndedAsync(id, 1, DeliveryStatus.Failed, "custom.other");

        var dialog = Render<ReplayDialog>(p => p.Add(d => d.EndpointId, id).Add(d => d.Prefill, new ReplayPrefill("7d", "Failed", "invoice.paid")));

        dialog.WaitForAssertion(() => Assert.Equal("3 deliveries match.", dialog.Find("[role=status]").TextContent), _patience);
        Assert.Equal(["7d", "failed"], dialog.FindAll("select").Select(select => select.GetAttribute("value")));
        Assert.Equal("invoice.paid", dialog.Find(".event-picker .tag code").TextContent);
        dialog.FindAll("select")[1].Change("delivered");
        dialog.WaitForAssertion(() => Assert.Contains("No delivery matches", dialog.Find("[role=status]").TextContent, StringComparison.Ordinal), _patience);
        Assert.True(dialog.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_dialog_starts_what_was_chosen()
    {
        var id = await AddEndedAsync(2, DeliveryStatus.Discarded);
        var dialog = Render<ReplayDialog>(p => p.Add(d => d.EndpointId, id).Add(d => d.Prefill, new ReplayPrefill(Status: ReplayInput.Kept)));
        dialog.WaitForAssertion(() => Assert.Equal("2 deliveries match.", dialog.Find("[role=status]").TextContent), _patience);
        dialog.Find("input[inputmode=numeric]").Change("5");

        await dialog.Find("form").SubmitAsync();

        var row = Assert.Single((await ListAsync(id)).Rows);
        Assert.Equal((ReplayStatus.Running, 2, 5, ReplayTarget.Kept), (row.Status, row.Total, row.RatePerSecond, row.Target));
        Assert.Equal(DateTimeOffset.UnixEpoch, row.From);
    }

    [Fact]
    public async Task What_is_wrong_is_told_at_its_field()
    {
        var id = await AddEndedAsync(1, DeliveryStatus.Failed);
        var dialog = Render<ReplayDialog>(p => p.Add(d => d.EndpointId, id));
        dialog.FindAll("select")[0].Change(ReplayForm.OwnRange);
        dialog.FindAll("input[type=datetime-local]")[0].Change("2026-01-02T10:00:00");
        dialog.FindAll("input[type=datetime-local]")[1].Change("2026-01-01T10:00:00");
        dialog.Find("input[inputmode=numeric]").Change("many");

        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Contains("Give a whole number", dialog.Find(".field-error").TextContent, StringComparison.Ordinal), _patience);

        dialog.Find("input[inputmode=numeric]").Change("");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Equal("From must be earlier than to.", dialog.Find(".field-error").TextContent), _patience);
    }

    [Fact]
    public async Task The_tab_shows_how_far_a_replay_is_and_steers_it_live()
    {
        var id = await AddEndedAsync(4, DeliveryStatus.Failed);
        Navigation.NavigateTo("/webhooks/x?tab=replays");
        var page = Render<WebhookPage>(p => p.Add(w => w.Id, PublicId.Format(PublicId.WebhookEndpoint, id)));
        page.WaitForAssertion(() => Assert.Contains("Nothing was replayed yet", page.Markup, StringComparison.Ordinal), _patience);

        var replay = await Hub.Get<ReplayService>().StartAsync(Hub.Owner, id, new ReplayInput { Status = "failed", RatePerSecond = 2 }, CancellationToken.None);

        page.WaitForAssertion(() => Assert.Contains("0 of 4 sent", page.Find("tbody").TextContent, StringComparison.Ordinal), _patience);
        Assert.Contains("At most 2 a second", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Equal("4", page.Find("[role=progressbar]").GetAttribute("aria-valuemax"));
        await PressAsync("Pause");
        Shows("Paused");
        await PressAsync("Resume");
        Shows("Running");
        await Hub.Get<ReplayService>().CancelAsync(Hub.Owner, replay, CancellationToken.None);
        Shows("Cancelled");
        Assert.Empty(page.FindAll("tbody button"));

        Task PressAsync(string label) => page.InvokeAsync(() => page.FindAll("tbody button").Single(button => button.TextContent == label).Click());

        // The page listens again a moment after it was told, and the clock stands until it is moved.
        void Shows(string status) => page.WaitForAssertion(
            () =>
            {
                Time.Advance(LiveUpdates.Interval);
                Assert.Contains(status, page.Find("tbody").TextContent, StringComparison.Ordinal);
            },
            _patience);
    }

    [Fact]
    public async Task A_viewer_sees_replays_and_what_was_kept_and_can_start_nothing()
    {
        var id = await AddEndedAsync(2, DeliveryStatus.Discarded);
        await Hub.Get<ReplayService>().StartAsync(Hub.Owner, id, new ReplayInput(), CancellationToken.None);
        SignIn(await Hub.AddMemberAsync(Role.Viewer));
        Navigation.NavigateTo("/webhooks/x?tab=replays");

        var page = Render<WebhookPage>(p => p.Add(w => w.Id, PublicId.Format(PublicId.WebhookEndpoint, id)));

        page.WaitForAssertion(() => Assert.Contains("0 of 2 sent", page.Markup, StringComparison.Ordinal), _patience);
        Assert.Contains("2 events were kept while this endpoint was off.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Replay", StringComparison.Ordinal) || button.TextContent is "Pause" or "Cancel");
    }

    [Fact]
    public async Task The_notice_of_what_was_kept_offers_to_replay_it()
    {
        var id = await AddEndedAsync(1, DeliveryStatus.Discarded);

        var page = Render<WebhookPage>(p => p.Add(w => w.Id, PublicId.Format(PublicId.WebhookEndpoint, id)));

        page.WaitForAssertion(() => Assert.Contains("1 event was kept while this endpoint was off.", page.Find(".notice").TextContent, StringComparison.Ordinal), _patience);
        Assert.Contains("Replay…", page.Find(".notice button").TextContent, StringComparison.Ordinal);
    }

    private async Task<Guid> AddEndedAsync(int count, DeliveryStatus status)
    {
        var id = await AddEndpointAsync();
        await AddEndedAsync(id, count, status, "invoice.paid");
        return id;
    }

    private async Task AddEndedAsync(Guid endpoint, int count, DeliveryStatus status, string type)
    {
        await Hub.Get<EventPublisher>().PublishAsync(Hub.Owner, [.. Enumerable.Range(0, count).Select(_ => new NewEvent(type, "{}"u8.ToArray()))], CancellationToken.None);
        await using var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner);
        await db.WebhookDeliveries.Where(row => row.EndpointId == endpoint && row.EventType == type)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, status).SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null)
                .SetProperty(row => row.Error, status == DeliveryStatus.Discarded ? DeliveryReasons.PublishedWhileOff : null));
        // Ids follow the latest that any test of the process made within the same minute, so only the next minute is surely after them.
        Time.Advance(TimeSpan.FromMinutes(1));
    }

    private Task<Page<ReplayRow>> ListAsync(Guid endpoint) => Hub.Get<ReplayQueries>().ListAsync(Hub.Owner, endpoint, new PageRequest(), CancellationToken.None);
}

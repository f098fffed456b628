using Bunit;
using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class EndpointHealthPanelTests : WebhookTest
{
    [Fact]
    public async Task Without_a_try_the_figures_are_empty_and_no_chart_is_drawn()
    {
        var id = await AddEndpointAsync();

        var panel = Render<EndpointHealthPanel>(p => p.Add(health => health.EndpointId, id));

        panel.WaitForAssertion(() => Assert.Equal(["0", "—", "—", "—"], panel.FindAll(".figure-value").Select(value => value.TextContent)));
        var charts = Render<EndpointHealthPanel>(p => p.Add(health => health.EndpointId, id).Add(health => health.WithCharts, true));
        charts.WaitForAssertion(() => Assert.Contains("Nothing tried in the last 24 hours", charts.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_charts_tell_their_numbers_in_tables_too()
    {
        var id = await AddEndpointAsync();
        await CountAsync(id, success: true, 8, 30);
        await CountAsync(id, success: false, 2, 400);

        var figures = Render<EndpointHealthPanel>(p => p.Add(health => health.EndpointId, id));
        var panel = Render<EndpointHealthPanel>(p => p.Add(health => health.EndpointId, id).Add(health => health.WithCharts, true));

        panel.WaitForAssertion(() => Assert.Equal(2, panel.FindAll("figure.chart").Count));
        figures.WaitForAssertion(() => Assert.Contains("80", figures.FindAll(".figure-value")[1].TextContent, StringComparison.Ordinal));
        var row = Assert.Single(panel.FindAll("figure.chart")[0].QuerySelectorAll("tbody tr"));
        Assert.Equal(["8", "2"], row.QuerySelectorAll(".cell-end").Select(cell => cell.TextContent));
        Assert.Equal(144, panel.FindAll("figure.chart")[0].QuerySelectorAll("rect title").Length);
    }

    [Fact]
    public async Task A_delivery_that_blocks_its_key_can_be_skipped()
    {
        var id = (await Hub.Get<WebhookService>().CreateAsync(
            Hub.Owner, new WebhookInput { Url = "http://127.0.0.1:9/hook", Events = ["*"], Ordering = new OrderingInput("block") }, CancellationToken.None)).Id;
        await Hub.Get<EventPublisher>().PublishAsync(
            Hub.Owner, [new NewEvent("custom.a", "{}"u8.ToArray(), OrderingKey: "k"), new NewEvent("custom.b", "{}"u8.ToArray(), OrderingKey: "k")], CancellationToken.None);
        var rows = (await Hub.Get<DeliveryQueries>().ListAsync(Hub.Owner, new DeliveryFilter(id), new PageRequest(), CancellationToken.None)).Rows;
        var endpoint = await Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, id, CancellationToken.None);

        var waits = Render<DeliveryDrawer>(p => p.Add(d => d.Id, PublicId.Format(PublicId.Delivery, rows[0].Id)).Add(d => d.CanWrite, true).Add(d => d.Endpoint, endpoint));
        waits.WaitForAssertion(() => Assert.Contains("waits for an earlier delivery with the ordering key k", waits.Markup, StringComparison.Ordinal));
        var first = Render<DeliveryDrawer>(p => p.Add(d => d.Id, PublicId.Format(PublicId.Delivery, rows[1].Id)).Add(d => d.CanWrite, true).Add(d => d.Endpoint, endpoint));
        first.WaitForElement(".drawer-foot");
        await first.InvokeAsync(() => first.FindAll(".drawer-foot button").Single(button => button.TextContent.Trim() == "Skip").Click());

        first.WaitForAssertion(() => Assert.Contains("Skipped by", first.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(5));
        waits.WaitForAssertion(() => Assert.Contains("It waits for its first try.", waits.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_form_keeps_its_limits_closed_until_they_are_wanted()
    {
        var form = new EndpointForm { Url = "http://127.0.0.1:9/", Events = ["*"], Headers = [] };

        var input = form.ToInput(isNew: true);

        Assert.Equal((0, 0, "none", 0), (input.RateLimitPerSecond, input.MaxInFlight, input.Ordering!.Mode, input.CircuitBreaker!.Failures));
    }

    private async Task CountAsync(Guid endpoint, bool success, long count, int milliseconds)
    {
        await using var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner);
        db.WebhookStatistics.Add(new WebhookStatistic
        {
            OrganizationId = Hub.Owner.OrganizationId!.Value,
            EndpointId = endpoint,
            Since = WebhookStatistic.SinceOf(Time.GetUtcNow()),
            IsSuccess = success,
            LatencyStep = LatencyScale.StepOf(TimeSpan.FromMilliseconds(milliseconds)),
            Count = count,
        });
        await db.SaveChangesAsync();
    }
}

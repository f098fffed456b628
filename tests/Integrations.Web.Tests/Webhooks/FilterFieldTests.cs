using Bunit;
using Integrations.Core.Events;
using Integrations.Core.Webhooks;
using Integrations.Web.Shared;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class FilterFieldTests : WebhookTest
{
    private readonly EndpointForm _form = new() { Events = ["invoice.*"] };

    [Fact]
    public void A_fault_shows_when_the_writer_pauses_and_goes_when_it_is_mended()
    {
        var field = RenderField();

        field.Find("textarea").Input("data.amount >");
        Assert.Empty(field.FindAll(".field-error"));
        field.Find("textarea").Change("data.amount >");
        Assert.Contains("At character 14", field.Find(".field-error").TextContent, StringComparison.Ordinal);
        field.Find("textarea").Input("data.amount > 1");

        Assert.Empty(field.FindAll(".field-error"));
        Assert.Equal("data.amount > 1", _form.Filter);
    }

    [Fact]
    public async Task Trying_shows_which_recent_events_of_the_chosen_types_match()
    {
        await Hub.Get<EventPublisher>().PublishAsync(
            Hub.Owner,
            [new NewEvent("invoice.paid", """{"amount":5}"""u8.ToArray(), "five"), new NewEvent("invoice.sent", """{"amount":1}"""u8.ToArray(), "one"), new NewEvent("custom.x", """{"amount":9}"""u8.ToArray())],
            CancellationToken.None);
        var field = RenderField();

        field.Find("textarea").Input("data.amount >= 5");
        await field.Find("button").ClickAsync();

        field.WaitForAssertion(() => Assert.Equal(2, field.FindAll("tbody tr").Count));
        Assert.Equal(["Left out", "Matches"], field.FindAll("tbody tr td:first-child").Select(cell => cell.TextContent.Trim()));
        Assert.Contains("1 of the newest 2 events match", field.Markup, StringComparison.Ordinal);
        field.Find("textarea").Input("data.amount >= 6");
        Assert.Empty(field.FindAll("tbody tr"));
    }

    [Fact]
    public async Task Without_events_or_without_a_filter_the_field_says_so()
    {
        var field = RenderField();

        await field.Find("button").ClickAsync();
        Assert.Contains("Write a filter first.", field.Markup, StringComparison.Ordinal);
        field.Find("textarea").Input("true");
        await field.Find("button").ClickAsync();

        field.WaitForAssertion(() => Assert.Contains("nothing to try it on", field.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_dialog_saves_the_filter_and_takes_it_away_again()
    {
        var id = await AddEndpointAsync();
        await SaveAsync("data.amount > 1");
        Assert.Equal("data.amount > 1", (await EndpointAsync()).Filter);
        await SaveAsync("");

        Assert.Null((await EndpointAsync()).Filter);

        Task<WebhookDetail> EndpointAsync() => Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, id, CancellationToken.None);

        async Task SaveAsync(string filter)
        {
            var endpoint = await EndpointAsync();
            var dialog = Render<EndpointDialog>(p => p.Add(d => d.Endpoint, endpoint));
            dialog.Find(".filter-field textarea").Input(filter);
            await dialog.Find("form").SubmitAsync();
        }
    }

    private IRenderedComponent<FilterField> RenderField() => Render<FilterField>(p => p.Add(f => f.Form, _form).Add(f => f.Faults, new FormFaults("filter")));
}

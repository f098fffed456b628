using Bunit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Events;

namespace Integrations.Web.Tests.Events;

public sealed class EventPagesTests : HubTest
{
    [Fact]
    public void Without_events_the_page_shows_the_command_that_publishes_one()
    {
        var page = Render<EventsPage>();

        page.WaitForAssertion(() => Assert.Contains("curl http://localhost/api/events", page.Find(".code-block code").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Published_events_show_at_once_with_their_drawer_by_the_address()
    {
        Navigation.NavigateTo("/events?event=my-1");
        var page = Render<EventsPage>();
        page.WaitForAssertion(() => Assert.Contains("This event is not there", page.Markup, StringComparison.Ordinal));

        await Hub.Get<EventPublisher>().PublishAsync(Hub.Owner, [new NewEvent("invoice.paid", """{"number":"INV-7"}"""u8.ToArray(), "my-1")], CancellationToken.None);

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), TimeSpan.FromSeconds(5));
        var drawer = Render<EventDrawer>(p => p.Add(d => d.Id, "my-1"));
        drawer.WaitForAssertion(() => Assert.Contains("INV-7", drawer.Markup, StringComparison.Ordinal));
        drawer.WaitForAssertion(() => Assert.Contains("no active endpoint wanted this type", drawer.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void The_publish_form_is_filled_with_the_example_and_leaves_what_was_typed()
    {
        var form = Render<PublishDialog>();

        form.Find("input[list]").Change("contact.deleted");
        Assert.Contains("contact-123", form.Find("textarea").GetAttribute("value"), StringComparison.Ordinal);
        form.Find("textarea").Change("{}  ");
        form.Find("input[list]").Change("user.deleted");

        Assert.Equal("{}  ", form.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public async Task An_unknown_type_is_a_fault_at_its_field()
    {
        var form = Render<PublishDialog>();

        form.Find("input[list]").Change("order.shipped");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Contains("is not known", form.Find(".field-invalid").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Types_of_ones_own_can_be_deleted_but_not_by_a_viewer()
    {
        await Hub.Get<EventTypes>().DefineAsync(Hub.Owner, "order.shipped", new EventTypeInput("An order left."), CancellationToken.None);
        var page = Render<EventTypesPage>();
        page.WaitForAssertion(() => Assert.Equal(["Edit", "Delete"], page.FindAll(".type-row .button-icon").Select(button => button.GetAttribute("title"))));
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var seen = Render<EventTypesPage>();

        seen.WaitForAssertion(() => Assert.Contains("order.shipped", seen.Markup, StringComparison.Ordinal));
        Assert.Empty(seen.FindAll(".type-row .button-icon"));
    }
}

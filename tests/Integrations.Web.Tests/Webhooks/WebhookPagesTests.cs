using Bunit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class WebhookPagesTests : WebhookTest
{
    [Fact]
    public void Without_endpoints_the_page_says_what_to_do_next()
    {
        var page = Render<WebhooksPage>();

        page.WaitForAssertion(() => Assert.Contains("No endpoints yet", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Add endpoint", page.Find(".empty-action").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_the_endpoints_and_no_button_that_would_be_refused()
    {
        await AddEndpointAsync();
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var page = Render<WebhooksPage>();

        page.WaitForAssertion(() => Assert.Contains("127.0.0.1:9", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[role=switch]"));
        Assert.DoesNotContain("Add endpoint", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_endpoint_shows_without_a_reload()
    {
        var page = Render<WebhooksPage>();
        page.WaitForAssertion(() => Assert.Contains("No endpoints yet", page.Markup, StringComparison.Ordinal));

        await AddEndpointAsync();

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task The_page_of_an_endpoint_lists_its_deliveries_by_the_filters_of_the_address()
    {
        var id = await AddEndpointAsync();
        await Hub.Get<EventPublisher>().PublishAsync(Hub.Owner, [new NewEvent("invoice.paid", "{}"u8.ToArray()), new NewEvent("custom.a", "{}"u8.ToArray())], CancellationToken.None);
        Navigation.NavigateTo("/webhooks/x?type=invoice.*");

        var page = Render<WebhookPage>(p => p.Add(w => w.Id, PublicId.Format(PublicId.WebhookEndpoint, id)));

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")), TimeSpan.FromSeconds(5));
        Assert.Contains("invoice.paid", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Contains("5 tries: at once", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_is_not_there_is_told_in_words()
    {
        var page = Render<WebhookPage>(p => p.Add(w => w.Id, "we_nothing"));

        page.WaitForAssertion(() => Assert.Contains("This endpoint is not there", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_drawer_of_a_delivery_says_why_it_cannot_be_retried()
    {
        var id = await AddEndpointAsync();
        await Hub.Get<EventPublisher>().PublishAsync(Hub.Owner, [new NewEvent("invoice.paid", """{"n":1}"""u8.ToArray())], CancellationToken.None);
        var row = (await Hub.Get<DeliveryQueries>().ListAsync(Hub.Owner, new DeliveryFilter(id), new PageRequest(), CancellationToken.None)).Rows[0];

        var drawer = Render<DeliveryDrawer>(p => p.Add(d => d.Id, PublicId.Format(PublicId.Delivery, row.Id)).Add(d => d.CanWrite, true));

        drawer.WaitForAssertion(() => Assert.Contains("It waits for its first try.", drawer.Markup, StringComparison.Ordinal));
        Assert.Equal("Its endpoint was deleted.", drawer.Find("#no-retry").TextContent);
        Assert.True(drawer.FindAll(".drawer-foot button").Single(button => button.TextContent.Contains("Retry", StringComparison.Ordinal)).HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_programs_that_verify_name_the_endpoints_own_header()
    {
        var created = await Hub.Get<WebhookService>().CreateAsync(
            Hub.Owner, new WebhookInput { Url = "http://127.0.0.1:9/", Events = ["*"], SignatureHeader = "X-Invoicy-Signature" }, CancellationToken.None);
        var endpoint = await Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, created.Id, CancellationToken.None);
        var panel = Render<VerifyPanel>(p => p.Add(v => v.Endpoint, endpoint));

        Assert.Equal(["C#", "Node", "Python", "Go"], panel.FindAll(".sample-choice label").Select(label => label.TextContent));
        Assert.All(panel.FindAll(".sample pre"), program => Assert.Contains("x-invoicy-signature", program.TextContent, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("X-Invoicy-Signature", panel.FindAll(".header-list dt").Select(name => name.TextContent));
    }

    [Fact]
    public async Task The_programs_for_a_key_pair_know_nothing_of_a_hex_header()
    {
        var created = await Hub.Get<WebhookService>().CreateAsync(
            Hub.Owner, new WebhookInput { Url = "http://127.0.0.1:9/", Events = ["*"], SignatureType = "ed25519" }, CancellationToken.None);
        var endpoint = await Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, created.Id, CancellationToken.None);
        var panel = Render<VerifyPanel>(p => p.Add(v => v.Endpoint, endpoint));

        Assert.Null(created.Secret);
        Assert.Equal(["C#", "Node", "Python", "Go"], panel.FindAll(".sample-choice label").Select(label => label.TextContent));
        Assert.DoesNotContain(WebhookOptions.DefaultSignatureHeader, panel.Markup, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Rotating_says_what_becomes_of_the_hex_header()
    {
        var endpoint = await Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, await AddEndpointAsync(), CancellationToken.None);
        var dialog = Render<RotateDialog>(p => p.Add(d => d.Endpoint, endpoint));
        Assert.Contains("X-Webhook-Signature-Next carries the new one", dialog.Markup, StringComparison.Ordinal);

        dialog.FindAll("select")[1].Change("ed25519");

        Assert.Contains("gets a new key pair", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("is no more when the overlap has ended", dialog.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("New secret", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_can_carry_the_types_that_the_endpoint_subscribes_to()
    {
        var created = await Hub.Get<WebhookService>().CreateAsync(Hub.Owner, new WebhookInput { Url = "http://127.0.0.1:9/", Events = ["CONTACT_CREATED", "payment.*"] }, CancellationToken.None);
        var endpoint = await Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, created.Id, CancellationToken.None);
        var dialog = Render<TestDialog>(p => p.Add(d => d.Endpoint, endpoint));

        dialog.WaitForAssertion(() => Assert.True(dialog.FindAll("option").Count > 1));
        var types = dialog.FindAll("option").Select(option => option.TextContent).ToList();
        Assert.Equal((EventCatalogue.Test, "contact.created"), (types[0], types[1]));
        Assert.All(types[2..], type => Assert.StartsWith("payment.", type, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_form_shows_each_fault_at_its_field()
    {
        var form = Render<EndpointDialog>();

        form.Find("input[inputmode=url]").Change("http://example.com/");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Contains("at least one event type", form.Find(".event-picker .field-error").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Values_of_headers_are_not_shown_when_an_endpoint_is_edited()
    {
        var created = await Hub.Get<WebhookService>().CreateAsync(
            Hub.Owner,
            new WebhookInput { Url = "http://127.0.0.1:9/hook", Events = ["*"], Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Key"] = "very secret" } },
            CancellationToken.None);
        var endpoint = await Hub.Get<WebhookQueries>().GetAsync(Hub.Owner, created.Id, CancellationToken.None);

        var form = Render<EndpointDialog>(p => p.Add(d => d.Endpoint, endpoint));

        Assert.Contains("X-Key", form.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("very secret", form.Markup, StringComparison.Ordinal);
        Assert.Null(EndpointForm.From(endpoint).ToInput(isNew: false).Headers);
    }
}

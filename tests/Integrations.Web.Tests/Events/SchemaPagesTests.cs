using Bunit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Events;

namespace Integrations.Web.Tests.Events;

public sealed class SchemaPagesTests : HubTest
{
    private const string Schema = """{"required":["amount"]}""";

    [Fact]
    public async Task A_type_is_defined_with_a_schema_and_changed()
    {
        var form = Render<DefineTypeDialog>();
        form.FindAll("input[type=text]")[0].Change("order.shipped");
        form.FindAll("textarea")[1].Change(Schema);
        await form.FindAll("input[type=radio]")[1].ChangeAsync(true);
        await form.Find("form").SubmitAsync();

        var defined = await TypeAsync();
        Assert.Equal((Schema, SchemaMode.Enforce), (defined.Schema, defined.SchemaMode));

        var edit = Render<DefineTypeDialog>(p => p.Add(d => d.Type, defined));
        edit.FindAll("textarea")[1].Change("");
        await edit.Find("form").SubmitAsync();
        Assert.Null((await TypeAsync()).Schema);
    }

    [Theory]
    [InlineData(1, """{"if":{}}""", "the keyword if is not supported")]
    [InlineData(1, "[", "not valid JSON")]
    [InlineData(0, """{"b":1}""", "The example departs from the schema: data.amount is required.")]
    public async Task What_is_wrong_stands_at_its_field(int area, string text, string message)
    {
        await DefineAsync(SchemaMode.Warn);
        var type = await TypeAsync();
        var form = Render<DefineTypeDialog>(p => p.Add(d => d.Type, type));

        form.FindAll("textarea")[area].Change(text);
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Contains(message, form.Find(".field-invalid").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_marks_types_by_what_their_schema_does_and_a_viewer_cannot_edit()
    {
        await DefineAsync(SchemaMode.Enforce);
        SignIn(await Hub.AddMemberAsync(Role.Viewer));
        Navigation.NavigateTo("/settings/event-types?type=order.shipped");

        var page = Render<EventTypesPage>();

        page.WaitForAssertion(() => Assert.Contains("Schema: enforced", page.FindAll(".type-row .tag").Select(tag => tag.TextContent)));
        Assert.Contains("Events whose data departs from it are refused.", page.Find(".drawer").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[title=Edit]"));
    }

    [Fact]
    public async Task A_refused_event_is_a_fault_at_its_data()
    {
        await DefineAsync(SchemaMode.Enforce);
        var form = Render<PublishDialog>();

        form.Find("input[list]").Change("order.shipped");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Contains("By the schema of order.shipped, data.amount is required.", form.Find(".field-invalid").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_that_departs_is_marked_in_the_list_and_told_in_its_drawer()
    {
        await DefineAsync(SchemaMode.Warn);
        await Hub.Get<EventPublisher>().PublishAsync(Hub.Owner, [new NewEvent("order.shipped", "{}"u8.ToArray(), "my-1")], CancellationToken.None);

        var page = Render<EventsPage>();
        var drawer = Render<EventDrawer>(p => p.Add(d => d.Id, "my-1"));

        page.WaitForAssertion(() => Assert.Contains("Departs from its schema", page.Find("tbody").TextContent, StringComparison.Ordinal));
        drawer.WaitForAssertion(() => Assert.Contains("data.amount is required", drawer.Find(".notice li").TextContent, StringComparison.Ordinal));
    }

    private Task DefineAsync(SchemaMode mode) =>
        Hub.Get<EventTypes>().DefineAsync(Hub.Owner, "order.shipped", new EventTypeInput("An order left.", Schema: Schema, SchemaMode: mode), CancellationToken.None);

    private async Task<EventTypeRow> TypeAsync() => (await Hub.Get<EventTypes>().ListAsync(Hub.Owner, CancellationToken.None)).Single(type => type.IsDefined);
}

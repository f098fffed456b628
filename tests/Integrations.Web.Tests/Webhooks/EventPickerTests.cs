using AngleSharp.Dom;
using Bunit;
using Integrations.Core.Events;
using Integrations.Web.Tests.Shared;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class EventPickerTests : ShellTest
{
    private static readonly IReadOnlyList<EventTypeRow> _types =
        [.. EventCatalogue.All.Select(type => new EventTypeRow(type.Name, type.Description, type.Example, false, type.ByHub)), new("order.shipped", "An order left.", null, true, false)];

    private IReadOnlyList<string> _value = [];

    [Fact]
    public void A_family_takes_the_place_of_its_types_and_holds_them()
    {
        _value = ["invoice.paid", "contact.created"];
        var picker = RenderPicker();

        Box(picker, "invoice.*").Change(true);

        Assert.Equal(["contact.created", "invoice.*"], _value);
        Assert.True(Box(picker, "invoice.paid").IsChecked());
        Assert.True(Box(picker, "invoice.paid").HasAttribute("disabled"));
    }

    [Fact]
    public void What_is_chosen_stands_as_chips_that_can_be_removed()
    {
        _value = ["invoice.paid", "custom.hello"];
        var picker = RenderPicker();

        picker.Find("[aria-label='Remove invoice.paid']").Click();

        Assert.Equal(["custom.hello"], _value);
        Assert.Single(picker.FindAll(".tag"));
    }

    [Fact]
    public void A_typed_custom_type_is_added_with_enter()
    {
        var picker = RenderPicker();

        picker.Find("input[type=search]").Input("custom.Order.Sent");
        picker.Find("input[type=search]").KeyDown("Enter");

        Assert.Equal(["custom.order.sent"], _value);
    }

    [Fact]
    public void The_search_finds_names_descriptions_and_types_of_ones_own()
    {
        var picker = RenderPicker();

        picker.Find("input[type=search]").Input("unpaid");
        Assert.Equal(["invoice.*", "invoice.overdue"], Names(picker));
        picker.Find("input[type=search]").Input("ORDER.");
        Assert.Equal(["order.*", "order.shipped"], Names(picker));
    }

    [Fact]
    public void A_test_cannot_be_subscribed_to() => Assert.DoesNotContain(EventCatalogue.Test, Names(RenderPicker()));

    [Fact]
    public void All_events_and_back_keeps_what_was_chosen()
    {
        _value = ["invoice.paid"];
        var picker = RenderPicker();

        picker.FindAll("input[type=radio]")[0].Change(true);
        Assert.Equal(["*"], _value);
        picker.FindAll("input[type=radio]")[1].Change(true);

        Assert.Equal(["invoice.paid"], _value);
    }

    private static IElement Box(IRenderedComponent<EventPicker> picker, string pattern) =>
        picker.FindAll(".event-option").Single(option => option.QuerySelector("code")!.TextContent == pattern).QuerySelector("input")!;

    private static IEnumerable<string> Names(IRenderedComponent<EventPicker> picker) => picker.FindAll(".event-option code").Select(code => code.TextContent);

    private IRenderedComponent<EventPicker> RenderPicker()
    {
        IRenderedComponent<EventPicker>? picker = null;
        return picker = Render<EventPicker>(p => p
            .Add(e => e.Types, _types)
            .Add(e => e.Value, _value)
            .Add(e => e.ValueChanged, value =>
            {
                _value = value;
                picker!.Render(next => next.Add(e => e.Value, value));
            }));
    }
}

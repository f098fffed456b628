using Bunit;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class FieldTests : ShellTest
{
    [Fact]
    public void An_error_belongs_to_its_input()
    {
        var field = Render<Field>(p => p
            .Add(f => f.Label, "URL")
            .Add(f => f.Id, "url")
            .Add(f => f.Help, "Where events are sent.")
            .Add(f => f.Error, "The host does not resolve.")
            .Add(f => f.ChildContent, context => builder =>
            {
                builder.OpenElement(0, "input");
                builder.AddMultipleAttributes(1, context.Attributes);
                builder.CloseElement();
            }));

        var input = field.Find("input");
        Assert.Equal("url", field.Find("label").GetAttribute("for"));
        Assert.Equal("url-help url-error", input.GetAttribute("aria-describedby"));
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Equal("The host does not resolve.", field.Find("#url-error").TextContent);
    }

    [Fact]
    public void A_save_button_is_busy_until_the_work_is_done()
    {
        var work = new TaskCompletionSource();
        var button = Render<SaveButton>(p => p.Add(b => b.OnClick, () => work.Task));

        button.Find("button").Click();
        Assert.Equal("Saving…", button.Find("button").TextContent.Trim());
        Assert.True(button.Find("button").HasAttribute("disabled"));

        work.SetResult();
        button.WaitForAssertion(() => Assert.Equal("Save", button.Find("button").TextContent.Trim()));
    }
}

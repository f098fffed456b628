using Bunit;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class SecretFieldTests : ShellTest
{
    [Fact]
    public void Copying_hands_over_the_whole_secret_and_says_so()
    {
        var field = Render<SecretField>(p => p.Add(f => f.Value, "whsec_1"));

        field.Find("button").Click();

        Assert.Equal("whsec_1", JSInterop.VerifyInvoke("shell.copy").Arguments[0]);
        Assert.Equal("Copied", field.Find("[role=status]").TextContent);
        Time.Advance(TimeSpan.FromSeconds(2));
        field.WaitForAssertion(() => Assert.Empty(field.Find("[role=status]").TextContent));
    }

    [Fact]
    public void The_reader_confirms_that_it_is_stored()
    {
        bool? stored = null;
        var field = Render<SecretField>(p => p.Add(f => f.Value, "whsec_1").Add(f => f.OnStored, value => stored = value));

        field.Find("input[type=checkbox]").Change(true);

        Assert.True(stored);
    }
}

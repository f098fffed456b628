using System.Text;
using Integrations.Web.Events;

namespace Integrations.Web.Tests.Events;

public sealed class JsonTextTests
{
    [Fact]
    public void White_space_goes_and_numbers_and_escapes_stay_as_typed() => Assert.Equal(
        """{"a":1.50,"b":[1,{"c":"\u00fc \" , }"},[],{}],"d":null,"e":true}""",
        Encoding.UTF8.GetString(JsonText.Compact("""  { "a" : 1.50, "b": [ 1, { "c": "\u00fc \" , }" }, [ ], { } ],  "d": null, "e": true }  """)));

    [Fact]
    public void What_is_wrong_is_told_with_the_line()
    {
        Assert.Equal("This is not valid JSON; look at line 2.", JsonText.WhyNotObject("{\n \"a\": }"));
        Assert.StartsWith("Give a JSON object", JsonText.WhyNotObject("[1]"), StringComparison.Ordinal);
        Assert.Null(JsonText.WhyNotObject("{}"));
    }
}

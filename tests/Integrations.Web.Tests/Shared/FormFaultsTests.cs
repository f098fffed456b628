using Integrations.Core.Security;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class FormFaultsTests
{
    [Fact]
    public async Task Faults_go_to_their_fields_and_the_rest_above_the_form()
    {
        FormFaults faults = new("name", "scopes");

        var done = await faults.TryAsync(() => throw Refusal.Invalid([new Fault("name", "name is required."), new Fault("scopes[1]", "x is not a scope."), new Fault("other", "other is wrong."), new Fault(null, "No.")]));

        Assert.False(done);
        Assert.Equal("Name is required.", faults["name"]);
        Assert.Equal("x is not a scope.", faults["scopes"]);
        Assert.Equal("Other is wrong. No.", faults.Rest);
    }

    [Fact]
    public void A_name_of_a_program_becomes_words()
    {
        FormFaults faults = new("signatureHeader");

        faults.Add("signatureHeader", "signatureHeader must be a header name.");

        Assert.Equal("Signature header must be a header name.", faults["signatureHeader"]);
    }

    [Fact]
    public void A_field_is_called_what_the_form_calls_it()
    {
        FormFaults faults = new(new Dictionary<string, string> { ["text"] = "Message" });

        faults.Add("text", "text is required.");
        faults.Add("channel", "channel is wrong.");

        Assert.Equal(("Message is required.", "Channel is wrong."), (faults["text"], faults.Rest));
    }

    [Fact]
    public async Task The_next_try_begins_without_faults()
    {
        FormFaults faults = new("name");
        faults.Add("name", "No.");

        Assert.True(await faults.TryAsync(() => Task.CompletedTask));
        Assert.False(faults.Any);
    }
}

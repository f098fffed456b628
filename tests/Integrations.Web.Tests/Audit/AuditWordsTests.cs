using Integrations.Web.Audit;

namespace Integrations.Web.Tests.Audit;

public sealed class AuditWordsTests
{
    [Theory]
    [InlineData("webhook.created", "Created a webhook endpoint")]
    [InlineData("webhook.updated", "Changed a webhook endpoint")]
    [InlineData("api_key.revoked", "Revoked an API key")]
    [InlineData("member.role_changed", "Changed the role of a member")]
    [InlineData("delivery.retried", "Retried a delivery")]
    [InlineData("replay.started", "Started a replay")]
    [InlineData("event_type.deleted", "Deleted an event type")]
    [InlineData("organization.created", "Created an organization")]
    public void An_action_reads_as_a_sentence(string action, string words) => Assert.Equal(words, AuditWords.Describe(action));

    [Fact]
    public void A_thing_with_a_page_is_linked_and_a_member_is_not()
    {
        Assert.Equal("/go/we_01m7wn0672e0084gbwagxdane3", AuditWords.TargetHref("we_01m7wn0672e0084gbwagxdane3"));
        Assert.Null(AuditWords.TargetHref("mem_01m7wn0672e0084gbwagxdane3"));
    }
}

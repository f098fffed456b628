using System.Text.Json;
using Integrations.Core.Events;

namespace Integrations.Core.Tests.Events;

public sealed class EventNameTests
{
    [Theory]
    [InlineData("CONTACT_CREATED", "contact.created")]
    [InlineData("CARD_VIEW", "card.viewed")]
    [InlineData("LINK_CLICK", "link.clicked")]
    [InlineData("SUBSCRIPTION_UPDATED", "subscription.updated")]
    [InlineData("USER_CREATED", "user.created")]
    [InlineData("PAYMENT_SUCCEEDED", "payment.succeeded")]
    [InlineData("AI_REQUEST_COMPLETED", "ai.request.completed")]
    [InlineData("PROJECT_COMPLETED", "project.completed")]
    [InlineData("CUSTOM", "custom.*")]
    [InlineData("ORDER_PARTLY_SHIPPED", "order.partly_shipped")]
    [InlineData("invoice.paid", "invoice.paid")]
    [InlineData("*", "*")]
    public void Constants_of_earlier_products_are_aliases(string given, string type) => Assert.Equal(type, EventTypeName.Resolve(given));

    [Theory]
    [InlineData("*", "invoice.paid", true)]
    [InlineData("invoice.*", "invoice.paid", true)]
    [InlineData("invoice.*", "invoices.paid", false)]
    [InlineData("ai.*", "ai.request.failed", true)]
    [InlineData("invoice.paid", "invoice.paid", true)]
    [InlineData("invoice.paid", "invoice.paid_late", false)]
    [InlineData("invoice.*", "invoice.", false)]
    public void Patterns_match_a_type_a_family_or_all(string pattern, string type, bool matches) => Assert.Equal(matches, EventPattern.Matches(pattern, type));

    [Theory]
    [InlineData("*", true)]
    [InlineData("invoice.*", true)]
    [InlineData("invoice.paid", true)]
    [InlineData("invoice", false)]
    [InlineData(".*", false)]
    [InlineData("*.paid", false)]
    [InlineData("invoice.*.x", false)]
    [InlineData("Invoice.paid", false)]
    [InlineData("", false)]
    public void Only_these_patterns_are_taken(string pattern, bool wellFormed) => Assert.Equal(wellFormed, EventPattern.IsWellFormed(pattern));

    [Fact]
    public void The_catalogue_is_whole()
    {
        Assert.All(EventCatalogue.All, type =>
        {
            Assert.True(EventTypeName.IsWellFormed(type.Name), type.Name);
            Assert.EndsWith(".", type.Description, StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Object, JsonElement.Parse(type.Example).ValueKind);
        });
        Assert.Equal(EventCatalogue.All.Count, EventCatalogue.All.Select(type => type.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("contact.created", "contactId", "firstName", "lastName", "email", "phone", "cardId")]
    [InlineData("card.viewed", "cardId", "viewerId", "location", "device")]
    [InlineData("link.clicked", "cardId", "linkType", "linkValue")]
    [InlineData("subscription.updated", "userId", "oldTier", "newTier", "effectiveDate")]
    public void Examples_carry_exactly_the_documented_fields(string type, params string[] fields) =>
        Assert.Equal(fields, JsonElement.Parse(EventCatalogue.Find(type)!.Example).EnumerateObject().Select(member => member.Name));
}

using System.Text;
using Integrations.Core.Events.Schemas;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Filters;
using Integrations.Testing;
using Integrations.Web.Help;

namespace Integrations.Web.Tests.Help;

/// <summary>What the help pages claim is what the hub does.</summary>
public sealed class HelpExampleTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Fact]
    public void Every_filter_of_the_page_does_what_the_page_says()
    {
        foreach (var example in FilterExamples.All)
        {
            var filter = PayloadFilter.Parse(example.Filter, out var fault);

            Assert.True(fault is null, $"{example.Filter}: {fault?.Message}");
            Assert.True(filter!.Matches(FilterExamples.Type, Encoding.UTF8.GetBytes(FilterExamples.Data)) == example.Matches, example.Filter);
        }
    }

    [Fact]
    public async Task The_type_of_the_page_about_schemas_can_be_defined_and_refuses_what_departs()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/event-types", SchemaExample.Body)).Status);
        var refused = await tenant.Client.PostApiAsync("/api/events", """{"event":"order.shipped","data":{"orderId":"A-17","lines":[{"sku":"x"},{"quantity":1}]}}""");
        Assert.Equal(["data.lines[1].sku"], refused.Fields);
    }

    [Theory]
    [InlineData("/help/filters", "data.customer.tags contains")]
    [InlineData("/help/schemas", "additionalProperties")]
    public async Task The_pages_are_public_and_linked_from_the_first(string path, string content)
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();

        Assert.Contains(content, await client.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains($"href=\"{path}\"", await client.GetStringAsync("/help"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keywords_of_the_page_are_those_that_a_schema_takes()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();
        var page = await client.GetStringAsync("/help/schemas");

        foreach (var keyword in (string[])["type", "enum", "const", "minItems", "maxItems", "exclusiveMinimum", "exclusiveMaximum", "minLength", "pattern", "oneOf", "not", "$comment"])
        {
            EventSchema.Parse($$"""{"{{keyword}}":0}""", out var fault);
            Assert.DoesNotContain("not supported", fault ?? "", StringComparison.Ordinal);
            Assert.Contains(keyword, page, StringComparison.Ordinal);
        }
    }
}

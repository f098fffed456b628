using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Integrations.Web.Tests.Connections;

namespace Integrations.Web.Tests.Sync;

/// <summary>Mappings of a connection are read, set and reset over REST.</summary>
public sealed class SyncsApiMappingTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    private static readonly object _own = new
    {
        fields = new object[]
        {
            new { source = "name", target = "name" },
            new { source = "phone", target = "customFields.hotline", directions = "in" },
            new { target = "contactType", constant = "lead", directions = "in" },
        },
    };

    [Theory, OnSqlite, OnPostgres]
    public async Task A_mapping_is_read_set_used_and_reset(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 1, database);
        var before = Contacts(await stripe.Client.GetApiAsync($"{stripe.Path}/mappings"));
        Assert.Equal(("contacts", false), (before.GetProperty("recordType").GetString(), before.GetProperty("isOwn").GetBoolean()));
        var code = before.GetProperty("fields").EnumerateArray().First(field => field.GetProperty("source").GetString() == "address.postal_code");
        Assert.Equal(("address.postalCode", "both"), (code.GetProperty("target").GetString(), code.GetProperty("directions").GetString()));

        var set = await SetAsync(stripe, _own);

        Assert.True(set.Status == 200, set.Text);
        Assert.True(Contacts(set).GetProperty("isOwn").GetBoolean());
        Assert.Equal(["name", "customFields.hotline", "contactType"], Contacts(set).GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("target").GetString()));
        await stripe.RunAsync();
        var contact = (await stripe.Client.GetApiAsync("/api/contacts"))["contacts"][0];
        Assert.Equal("lead", contact.GetProperty("contactType").GetString());
        Assert.Equal(stripe.Customers.Read(0)["phone"]!.GetValue<string>(), contact.GetProperty("customFields").GetProperty("hotline").GetString());
        Assert.False(contact.TryGetProperty("email", out _));

        var reset = await stripe.Client.DeleteApiAsync($"{stripe.Path}/mappings/contacts");

        Assert.Equal(before.GetRawText(), Contacts(reset).GetRawText());
        Assert.Equal(["sync.mapping_changed", "sync.started", "sync.mapping_reset"], await stripe.AuditAsync("sync"));
    }

    [Fact]
    public async Task What_was_read_can_be_set_again_as_it_is()
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);
        foreach (var mapping in (await stripe.Client.GetApiAsync($"{stripe.Path}/mappings"))["mappings"].EnumerateArray())
        {
            var type = mapping.GetProperty("dataType").GetString();
            var set = await stripe.Client.CallAsync(HttpMethod.Put, $"{stripe.Path}/mappings/{type}", new { fields = mapping.GetProperty("fields") });

            Assert.True(set.Status == 200, set.Text);
            var after = set["mappings"].EnumerateArray().First(other => other.GetProperty("dataType").GetString() == type);
            Assert.Equal(mapping.GetProperty("fields").GetRawText(), after.GetProperty("fields").GetRawText());
        }
    }

    [Theory]
    [InlineData("""{}""", "fields")]
    [InlineData("""{"fields":[]}""", "fields")]
    [InlineData("""{"fields":[null]}""", "fields[0]")]
    [InlineData("""{"fields":[{"source":"a..b","target":"name"}]}""", "fields[0].source")]
    [InlineData("""{"fields":[{"source":"name","target":"name"},{"target":"phone"}]}""", "fields[1].source")]
    [InlineData("""{"fields":[{"source":"name","target":"shoeSize"}]}""", "fields[0].target")]
    [InlineData("""{"fields":[{"source":"name"}]}""", "fields[0].target")]
    [InlineData("""{"fields":[{"source":"name","target":"name","directions":"up"}]}""", "fields[0].directions")]
    [InlineData("""{"fields":[{"source":"name","target":"name","transform":"reverse"}]}""", "fields[0].transform")]
    [InlineData("""{"fields":[{"source":"name","target":"name","transform":"reference"}]}""", "fields[0].reference")]
    [InlineData("""{"fields":[{"source":"name","target":"name"},{"source":"name","target":"company"}]}""", "fields")]
    [InlineData("""{"fields":[{"from":"name","target":"name"}]}""", "fields[0].from")]
    [InlineData("""{"mapping":[]}""", "mapping")]
    public async Task A_malformed_mapping_is_refused_at_its_field(string body, string field)
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);

        ProblemAssert.IsFault(await SetAsync(stripe, body), field);

        Assert.False(Contacts(await stripe.Client.GetApiAsync($"{stripe.Path}/mappings")).GetProperty("isOwn").GetBoolean());
        Assert.Empty(await stripe.AuditAsync("sync"));
    }

    [Theory]
    [InlineData("lines", """[]""", "fields[0].items")]
    [InlineData("lines", """[{"source":"a..b","target":"description"}]""", "fields[0].items[0].source")]
    [InlineData("lines", """[{"source":"description","target":"description"},{"source":"sku","target":"sku"}]""", "fields[0].items[1].target")]
    [InlineData("lines", """[{"source":"data","target":"description","transform":"lines"}]""", "fields[0].items[0].transform")]
    [InlineData("lines", """[{"source":"code","target":"productId"}]""", "fields[0].items[0].transform")]
    [InlineData("lines", """[{"source":"code","target":"description","transform":"reference","reference":"products"}]""", "fields[0].items[0].transform")]
    [InlineData("lines", """[{"source":"code","target":"productId","transform":"reference"}]""", "fields[0].items[0].reference")]
    [InlineData("lines", """[{"target":"productId","constant":"prd_01m8ehwn0ne00ackn4xafy3jbe"}]""", "fields[0].items[0].transform")]
    [InlineData("lines", """[{"target":"productId","constant":"prd_01m8ehwn0ne00ackn4xafy3jbe","transform":"reference","reference":"products"}]""", "fields[0].items[0].constant")]
    [InlineData("number", """[{"source":"description","target":"description"}]""", "fields[0].target")]
    public async Task A_malformed_mapping_of_lines_is_refused_at_its_place(string target, string items, string field)
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);

        var refused = await stripe.Client.CallAsync(
            HttpMethod.Put, $"{stripe.Path}/mappings/invoices", "{\"fields\":[{\"source\":\"lines.data\",\"target\":\"" + target + "\",\"transform\":\"lines\",\"items\":" + items + "}]}");

        ProblemAssert.IsFault(refused, field);
    }

    [Fact]
    public async Task All_faults_of_a_mapping_are_told_at_once()
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);

        var refused = await SetAsync(stripe, new { fields = new[] { new { source = "a..b", target = "shoeSize" } } });

        Assert.Equal(["fields[0].source", "fields[0].target"], refused.Fields);
    }

    [Fact]
    public async Task A_data_type_that_the_provider_does_not_have_has_no_mapping()
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);

        ProblemAssert.IsProblem(await stripe.Client.CallAsync(HttpMethod.Put, $"{stripe.Path}/mappings/horses", _own), 404, "set");
        ProblemAssert.IsProblem(await stripe.Client.DeleteApiAsync($"{stripe.Path}/mappings/horses"), 404, "reset");
    }

    private static Task<ApiReply> SetAsync(StripeSync stripe, object body) => stripe.Client.CallAsync(HttpMethod.Put, $"{stripe.Path}/mappings/contacts", body);

    private static JsonElement Contacts(ApiReply reply) => reply["mappings"].EnumerateArray().First(type => type.GetProperty("dataType").GetString() == "contacts");
}

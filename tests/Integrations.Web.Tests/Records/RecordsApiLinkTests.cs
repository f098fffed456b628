using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Connections;
using Integrations.Web.Tests.Sync;

namespace Integrations.Web.Tests.Records;

/// <summary>Records that a sync made, with their counterparts at the provider, over REST.</summary>
public sealed class RecordsApiLinkTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_record_names_its_counterparts_and_is_found_by_their_provider(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 2, database);
        await stripe.Client.PostApiAsync("/api/contacts", new { name = "Made by hand" });
        await stripe.RunAsync();

        var synced = await stripe.Client.GetApiAsync("/api/contacts?provider=STRIPE");

        Assert.Equal(2, synced["contacts"].GetArrayLength());
        Assert.Equal(3, (await stripe.ContactNamesAsync()).Count);
        Assert.Equal(
            new[] { stripe.Customers.IdOf(0), stripe.Customers.IdOf(1) }.Order(StringComparer.Ordinal),
            synced["contacts"].EnumerateArray().Select(contact => Assert.Single(contact.GetProperty("external").EnumerateArray()).GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        var one = await stripe.Client.GetApiAsync($"/api/contacts/{synced["contacts"][0].GetProperty("id").GetString()}");
        Assert.Equal("stripe", one["contact.external"][0].GetProperty("provider").GetString());
        Assert.Empty((await stripe.Client.GetApiAsync("/api/contacts?provider=xero"))["contacts"].EnumerateArray());
    }

    [Fact]
    public async Task A_deleted_record_is_not_brought_back_by_a_sync()
    {
        var stripe = await StripeSync.StartAsync(fixture, 2);
        await stripe.RunAsync();
        var id = (await stripe.Client.GetApiAsync("/api/contacts"))["contacts"][0].GetProperty("id").GetString();
        Assert.Equal(200, (await stripe.Client.DeleteApiAsync($"/api/contacts/{id}")).Status);

        await stripe.RunAsync(new { syncType = "full", dataTypes = (string[])["contacts"], direction = "in" });

        Assert.Single(await stripe.ContactNamesAsync());
        Assert.Equal(2, stripe.Customers.Count);
    }
}

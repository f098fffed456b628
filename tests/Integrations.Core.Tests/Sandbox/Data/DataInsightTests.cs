namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>Insights are counted by day, and are the same whenever they are asked for.</summary>
public sealed class DataInsightTests : SandboxTest
{
    [Fact]
    public async Task Facebook_counts_campaigns_and_pages_by_day()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "facebook");
        var account = (await client.JsonAsync("GET", "/me/adaccounts")).GetProperty("data")[0].GetProperty("id").GetString();
        var range = Uri.EscapeDataString("""{"since":"2026-01-01","until":"2026-01-03"}""");
        var rows = await client.JsonAsync("GET", $"/{account}/insights?level=campaign&time_increment=1&limit=100&fields=campaign_id,impressions,spend&time_range={range}");
        Assert.Equal(5 * 3, rows.GetProperty("data").GetArrayLength());

        var page = (await client.JsonAsync("GET", "/me/accounts?limit=1")).GetProperty("data")[0];
        client.UseToken(page.GetProperty("access_token").GetString()!);
        var path = $"/{page.GetProperty("id").GetString()}/insights?metric=page_views_total&period=day&since=2026-01-01&until=2026-01-04";
        var first = await client.JsonAsync("GET", path);
        Assert.Equal(3, first.GetProperty("data")[0].GetProperty("values").GetArrayLength());
        Assert.Equal(first.GetRawText(), (await client.JsonAsync("GET", path)).GetRawText());
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task Instagram_counts_by_day_and_refuses_metrics_that_are_gone()
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, "instagram");
        var reach = await client.JsonAsync("GET", "/me/insights?metric=reach&period=day&since=2026-01-01&until=2026-01-04");
        Assert.Equal(3, reach.GetProperty("data")[0].GetProperty("values").GetArrayLength());
        var media = await client.JsonAsync("GET", "/me/media?fields=id,caption&limit=100");
        Assert.Equal(57, media.GetProperty("data").GetArrayLength());
        var id = media.GetProperty("data")[0].GetProperty("id").GetString();
        Assert.Equal("likes", (await client.JsonAsync("GET", $"/{id}/insights?metric=likes")).GetProperty("data")[0].GetProperty("name").GetString());
        Sandbox.AssertNoViolations();

        Assert.Equal(400, (int)(await client.SendAsync("GET", "/me/insights?metric=impressions&period=day")).StatusCode);
        AssertRefused("instagram", "metric[0]");
    }
}

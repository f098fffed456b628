using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Benchmarks.Sync;

/// <summary>A provider whose contacts are synced: how the hub is connected with it, and how the bare loop reads it.</summary>
internal sealed record SyncSource(string Provider, string RowType, string Credential, string Key)
{
    public static SyncSource Stripe { get; } = new("stripe", "customers", "apiKey", SandboxKeys.StripeSecret);

    public static SyncSource HubSpot { get; } = new("hubspot", "contacts", "accessToken", SandboxKeys.HubSpotPrivateApp);

    /// <summary>The first page, a hundred rows.</summary>
    public string FirstPath => Provider == "stripe" ? "/v1/customers?limit=100" : "/crm/v3/objects/contacts?limit=100&properties=email,firstname,lastname,phone,company,jobtitle,address,city,state,zip,country,lifecyclestage,lastmodifieddate";

    /// <summary>The rows of a page, and the path of the next; null after the last.</summary>
    public (int Rows, string? Next) Read(JsonElement page)
    {
        var rows = page.GetProperty(Provider == "stripe" ? "data" : "results");
        var count = rows.GetArrayLength();
        if (Provider == "stripe")
        {
            return (count, page.GetProperty("has_more").GetBoolean() ? $"{FirstPath}&starting_after={rows[count - 1].GetProperty("id").GetString()}" : null);
        }

        return (count, page.TryGetProperty("paging", out var paging) ? $"{FirstPath}&after={paging.GetProperty("next").GetProperty("after").GetString()}" : null);
    }
}

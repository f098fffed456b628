using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

/// <summary>Connects providers, gathers every secret that comes up on the way, and keeps what the hub answered.</summary>
internal sealed class CanaryHarvest(HubApp hub, SandboxHost sandbox)
{
    public const string HeaderValue = "canary-header-value-0123456789";

    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly List<string> _answers = [];

    /// <summary>Each as it is, and as an address would carry it.</summary>
    public IReadOnlyList<string> Secrets => [.. _secrets.SelectMany(secret => (string[])[secret, Uri.EscapeDataString(secret)]).Distinct(StringComparer.Ordinal)];

    /// <summary>Answers of the API and pages, without those few that have to tell a secret once.</summary>
    public IReadOnlyList<string> Answers => _answers;

    public void Add(params IEnumerable<string?> secrets) => _secrets.UnionWith(secrets.OfType<string>().Where(secret => secret.Length >= 8));

    public ApiReply Keep(ApiReply reply)
    {
        _answers.Add($"{reply} {reply.Headers}");
        return reply;
    }

    /// <summary>From the link to the connection.</summary>
    public async Task<string> ConsentAsync(HubTenant tenant, string provider)
    {
        // The link is told just here, and is kept for a repetition of the request.
        var created = await tenant.Client.CallAsync(HttpMethod.Post, $"/api/integrations/{provider}/connect", "{}", ("Idempotency-Key", $"canary-{provider}"));
        Assert.True(created.Status == 201, created.Text);
        var link = created.String("authUrl");
        Add(link[(link.LastIndexOf('/') + 1)..]);
        var browser = new ConnectBrowser(hub);
        var page = await browser.OpenLinkAsync(link);
        Add(QueryHelpers.ParseQuery(new Uri(page).Query)["state"].ToString());
        Add(browser.Nonce);
        await using (var db = hub.OpenDatabase(tenant.Owner))
        {
            var consent = await db.Consents.OrderByDescending(row => row.Id).FirstAsync();
            Add(hub.Services.GetRequiredService<CredentialVault>().OpenVerifier(consent));
        }

        var back = await SandboxVisitor.AllowAsync(page);
        Add(QueryHelpers.ParseQuery(back.Query)["code"].ToString());
        using var answer = await browser.ReturnAsync(back);
        _answers.Add($"{answer.Headers} {await browser.ReadAsync(answer.Headers.Location!.OriginalString)}");
        await GatherAsync(tenant);
        return created.String("connectionId");
    }

    /// <summary>With a key, a token or a URL.</summary>
    public async Task<string> ConnectAsync(HubTenant tenant, string provider, object body, params IEnumerable<string> secrets)
    {
        Add(secrets);
        var connected = Keep(await tenant.Client.PostApiAsync($"/api/integrations/{provider}/connect", body));
        Assert.True(connected.Status == 201, connected.Text);
        await GatherAsync(tenant);
        return connected.String("connectionId");
    }

    /// <summary>Uses a connection in every way that the API has.</summary>
    public async Task UseAsync(HubTenant tenant, string id, Connector connector)
    {
        var path = $"/api/integrations/connections/{id}";
        Keep(await tenant.Client.PostApiAsync($"{path}/test"));
        foreach (var setting in connector.Settings.Where(setting => setting.HasChoices))
        {
            Keep(await tenant.Client.GetApiAsync($"{path}/choices/{setting.Name}"));
        }

        foreach (var action in connector.Actions)
        {
            // Incomplete input is refused before the provider is asked, a text where a choice belongs by the provider.
            Keep(await tenant.Client.PostApiAsync($"{path}/actions/{action.Name}", action.Fields.Where(field => field.Kind != ActionFieldKind.File).ToDictionary(
                field => field.Name, field => field.Kind == ActionFieldKind.Email ? "a@example.com" : "text", StringComparer.Ordinal)));
        }

        if (connector.OAuth is not null)
        {
            sandbox.Provider(connector.Info.Key).ExpireAccessTokens();
            Keep(await tenant.Client.PostApiAsync($"{path}/test"));
            Keep(await tenant.Client.PostApiAsync($"/api/integrations/oauth/{connector.Info.Key}/refresh"));
            await GatherAsync(tenant);
        }

        Keep(await tenant.Client.GetApiAsync(path));
    }

    /// <summary>What anybody in the organization can read.</summary>
    public async Task ReadAllAsync(HubTenant tenant)
    {
        foreach (var path in (string[])["/api/integrations", "/api/integrations/connections", "/api/integrations/webhooks", "/api/audit?limit=200", "/api/events?limit=200", "/api/me"])
        {
            var reply = Keep(await tenant.Client.GetApiAsync(path));
            Assert.True(reply.Status == 200, reply.Text);
        }

        foreach (var item in (await tenant.Client.GetApiAsync("/api/events?limit=200"))["events"].EnumerateArray())
        {
            Keep(await tenant.Client.GetApiAsync($"/api/events/{item.GetProperty("id").GetString()}"));
        }
    }

    private async Task GatherAsync(HubTenant tenant)
    {
        var vault = hub.Services.GetRequiredService<CredentialVault>();
        await using var db = hub.OpenDatabase(tenant.Owner);
        foreach (var row in await db.Connections.AsNoTracking().Where(row => row.Credential != null).ToListAsync())
        {
            Add(vault.OpenCredential(row).Values.Values);
        }
    }
}

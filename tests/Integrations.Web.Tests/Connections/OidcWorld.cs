using System.Net;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Integrations.Web.Tests.Connections;

/// <summary>A hub with the authorization server of npm as its one provider.</summary>
internal sealed class OidcWorld : IAsyncDisposable
{
    private OidcWorld(OidcServer server, HubApp hub) => (Server, Hub) = (server, hub);

    public OidcServer Server { get; }

    public HubApp Hub { get; }

    public static async Task<OidcWorld> StartAsync()
    {
        var server = await OidcServer.StartAsync($"http://localhost/api/integrations/oauth/{OidcConnector.Key}/callback");
        var hub = await HubApp.StartAsync(new HubAppOptions
        {
            Settings = new Dictionary<string, string?>
            {
                ["PublicUrl"] = "http://localhost",
                [$"Providers:{OidcConnector.Key}:ClientId"] = OidcServer.ClientId,
                [$"Providers:{OidcConnector.Key}:ClientSecret"] = OidcServer.ClientSecret,
                ["Connections:MaxCreationsPerMinute"] = "100",
            },
            Configure = services => services.Replace(ServiceDescriptor.Singleton(new ConnectorCatalog([new OidcConnector(server.Issuer)]))),
        });
        return new OidcWorld(server, hub);
    }

    /// <summary>A browser that has allowed, and the way back to the hub that it has not gone yet.</summary>
    public async Task<(ConnectBrowser Browser, Uri Back)> AllowAsync()
    {
        var created = await Hub.Client.PostApiAsync($"/api/integrations/{OidcConnector.Key}/connect");
        Assert.True(created.Status == 201, created.Text);
        var browser = new ConnectBrowser(Hub);
        return (browser, await Server.AllowAsync(await browser.OpenLinkAsync(created.String("authUrl"))));
    }

    public async Task<Connection> ConnectAsync()
    {
        var (browser, back) = await AllowAsync();
        using var answer = await browser.ReturnAsync(back, "application/json");
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await RowAsync();
    }

    public async Task<Connection> RowAsync()
    {
        await using var db = Hub.OpenDatabase(Hub.Tenant.Owner);
        return await db.Connections.AsNoTracking().SingleAsync();
    }

    public async Task<ProviderCredential> CredentialAsync() => Hub.Services.GetRequiredService<CredentialVault>().OpenCredential(await RowAsync());

    public async Task<ApiReply> TestAsync() => await Hub.Client.PostApiAsync($"/api/integrations/connections/{PublicId.Format(PublicId.Connection, (await RowAsync()).Id)}/test");

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Server.DisposeAsync();
    }
}

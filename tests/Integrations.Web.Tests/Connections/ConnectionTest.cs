using Integrations.Core.Connections;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Integrations.Web.Account;
using Integrations.Web.Connections;
using Integrations.Web.Shared;
using Integrations.Web.Sync;
using Integrations.Web.Tests.Webhooks;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

/// <summary>A page of connections over the real core, which takes the sandbox for the providers.</summary>
public abstract class ConnectionTest : WebhookTest
{
    protected ConnectionTest()
    {
        Services.AddScoped(services => new ConnectionActions(
            services.GetRequiredService<CurrentMember>(), Hub.Get<ConnectionService>(), Hub.Get<ConnectService>(), services.GetRequiredService<Dialogs>(), services.GetRequiredService<Toasts>()));
        Services.AddScoped(services => new SyncActions(
            services.GetRequiredService<CurrentMember>(), Hub.Get<SyncService>(), services.GetRequiredService<Dialogs>(), services.GetRequiredService<Toasts>()));
    }

    protected SandboxHost Sandbox { get; private set; } = null!;

    protected Toasts Toasts => Services.GetRequiredService<Toasts>();

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        Sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = Time });
        return Sandbox.HubSettings;
    }

    protected override async Task CleanUpAsync() => await Sandbox.DisposeAsync();

    protected Task<CatalogueRow> RowAsync(string provider) => Hub.Get<ConnectionQueries>().ProviderAsync(Hub.Owner, provider, CancellationToken.None);

    protected async Task<ConnectionDetail> ConnectStripeAsync(string? name = null)
    {
        Dictionary<string, string> key = new(StringComparer.Ordinal) { ["apiKey"] = SandboxKeys.StripeSecret };
        await Hub.Get<ConnectService>().ConnectAsync(Hub.Owner, new ConnectInput { Provider = "stripe", Credentials = key, Name = name }, CancellationToken.None);
        return (await RowAsync("stripe")).Connection!;
    }

    protected async Task<ConnectionDetail> ConnectUrlAsync(string name, string provider = "custom")
    {
        await Hub.Get<ConnectService>().ConnectAsync(Hub.Owner, new ConnectInput { Provider = provider, Name = name, WebhookUrl = Sandbox.ReceiveUrl(name) }, CancellationToken.None);
        return (await RowAsync(provider)).Connection!;
    }

    /// <summary>Consents at the sandbox, as the person at the browser would.</summary>
    protected async Task<ConnectionDetail> ConsentAsync(string provider, params string[] permissions)
    {
        ConsentInput input = new() { Provider = provider, Permissions = permissions.Length == 0 ? null : permissions };
        var link = await Hub.Get<ConsentLinks>().CreateAsync(Hub.Owner, input, memberOnly: true, creates: false, CancellationToken.None);
        ConsentBrowser browser = new("nonce", Hub.Owner.Id);
        var back = await SandboxVisitor.AllowAsync((await Hub.Get<ConsentService>().StartAsync(link.Token, browser, CancellationToken.None))!);
        var query = QueryHelpers.ParseQuery(back.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var result = await Hub.Get<ConsentService>().CompleteAsync(provider, query, browser, CancellationToken.None);
        Assert.True(result.Outcome == ConsentOutcome.Connected, result.Reason);
        return (await RowAsync(provider)).Connection!;
    }
}

using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Connections;
using Integrations.Web.Shared;
using Integrations.Web.Sync;
using Integrations.Web.Tests.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

/// <summary>A hub that no provider knows yet.</summary>
public sealed class MissingClientTests : WebhookTest
{
    public MissingClientTests()
    {
        Services.AddScoped(services => new ConnectionActions(
            services.GetRequiredService<CurrentMember>(), Hub.Get<ConnectionService>(), Hub.Get<ConnectService>(), services.GetRequiredService<Dialogs>(), services.GetRequiredService<Toasts>()));
        Services.AddScoped(services => new SyncActions(
            services.GetRequiredService<CurrentMember>(), Hub.Get<SyncService>(), services.GetRequiredService<Dialogs>(), services.GetRequiredService<Toasts>()));
    }

    [Theory]
    [InlineData(Role.Owner, "Enter its client id and secret.")]
    [InlineData(Role.Admin, "An Owner enters it under Settings, Providers.")]
    [InlineData(Role.Viewer, "An Owner enters it under Settings, Providers.")]
    public async Task A_card_says_what_is_missing_and_who_can_mend_it(Role role, string words)
    {
        SignIn(role == Role.Owner ? Hub.Owner : await Hub.AddMemberAsync(role));

        var page = Render<IntegrationsPage>();

        page.WaitForElement(".provider-card");
        var xero = page.FindAll(".provider-card").Single(card => card.QuerySelector("h3")!.TextContent == "Xero");
        Assert.Contains(words, xero.TextContent, StringComparison.Ordinal);
        Assert.Empty(xero.QuerySelectorAll("button"));
        Assert.Equal(role == Role.Owner, xero.QuerySelector("a[href='/settings/providers?provider=xero']") is not null);
    }

    [Fact]
    public async Task The_providers_page_shows_the_redirect_URI_to_register()
    {
        var page = Render<ProviderPage>(p => p.Add(x => x.Provider, "xero"));

        page.WaitForAssertion(() => Assert.Contains("/api/integrations/oauth/xero/callback", page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("Connect", page.Find(".page-actions").TextContent, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_provider_with_another_way_offers_that_first_and_says_why_consent_does_not_work()
    {
        var row = await Hub.Get<ConnectionQueries>().ProviderAsync(Hub.Owner, "mailchimp", CancellationToken.None);
        var dialog = Render<ConnectDialog>(p => p.Add(d => d.Row, row));

        Assert.Equal("API key", dialog.FindAll(".connect-ways label").Single(label => label.QuerySelector("[checked]") is not null).TextContent);
        dialog.FindAll(".connect-ways input")[0].Change("on");

        dialog.WaitForAssertion(() => Assert.Contains("no OAuth client at Mailchimp", dialog.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Empty(dialog.FindAll("form"));
    }
}

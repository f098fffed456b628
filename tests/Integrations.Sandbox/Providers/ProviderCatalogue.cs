using Integrations.Sandbox.Providers.AutoCount;
using Integrations.Sandbox.Providers.Dropbox;
using Integrations.Sandbox.Providers.Google;
using Integrations.Sandbox.Providers.HubSpot;
using Integrations.Sandbox.Providers.Mailchimp;
using Integrations.Sandbox.Providers.Meta;
using Integrations.Sandbox.Providers.QuickBooks;
using Integrations.Sandbox.Providers.Salesforce;
using Integrations.Sandbox.Providers.SendGrid;
using Integrations.Sandbox.Providers.Slack;
using Integrations.Sandbox.Providers.SqlAccounting;
using Integrations.Sandbox.Providers.Stripe;
using Integrations.Sandbox.Providers.Xero;
using Integrations.Sandbox.Providers.Zoho;

namespace Integrations.Sandbox.Providers;

/// <summary>Every provider that the sandbox speaks. Zapier, Make, n8n and custom webhooks are the receiver's.</summary>
internal sealed class ProviderCatalogue(TimeProvider time)
{
    private static readonly string[] _hooks = ["zapier", "make", "n8n"];

    public IReadOnlyList<SandboxProvider> All { get; } =
    [
        new StripeProvider(time),
        new SlackProvider(time),
        new QuickBooksProvider(time),
        new XeroProvider(time),
        new GmailProvider(time),
        new DriveProvider(time),
        new DropboxProvider(time),
        new SalesforceProvider(time),
        new HubSpotProvider(time),
        new ZohoProvider(time),
        new MailchimpProvider(time),
        new SendGridProvider(time),
        new FacebookProvider(time),
        new InstagramProvider(time),
        new SqlAccountingProvider(time),
        new AutoCountProvider(time),
    ];

    /// <summary>Where the providers are, now that the sandbox listens.</summary>
    /// <param name="report">Told of every violation.</param>
    public void Listens(Uri address, Action<Violation>? report)
    {
        foreach (var provider in All)
        {
            provider.Control.Report = report;
            provider.BaseUrl = new Uri(address, $"/providers/{provider.Key}").AbsoluteUri;
        }
    }

    /// <summary>The settings with which a hub takes the sandbox for the providers.</summary>
    public IReadOnlyDictionary<string, string?> HubSettings(Uri address)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in All)
        {
            foreach (var (name, value) in provider.Settings())
            {
                settings[$"Providers:{provider.Key}:{name}"] = value;
            }
        }

        foreach (var key in _hooks)
        {
            settings[$"Providers:{key}:Urls:hooks"] = new Uri(address, $"/receive/{key}").AbsoluteUri;
        }

        return settings;
    }
}

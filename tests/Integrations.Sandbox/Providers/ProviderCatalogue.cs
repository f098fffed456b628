using Integrations.Sandbox.Providers.Stripe;
using Integrations.Sandbox.Providers.Xero;

namespace Integrations.Sandbox.Providers;

/// <summary>Every provider that the sandbox speaks. Zapier, Make, n8n and custom webhooks are the receiver's.</summary>
internal sealed class ProviderCatalogue(TimeProvider time)
{
    private static readonly string[] _hooks = ["zapier", "make", "n8n"];

    public IReadOnlyList<SandboxProvider> All { get; } =
    [
        new StripeProvider(time),
        new XeroProvider(time),
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

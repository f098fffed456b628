using System.Globalization;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Providers;

/// <summary>Names every setting under <c>Providers</c> that cannot be used.</summary>
internal sealed class ProvidersOptionsValidator(ConnectorCatalog catalog) : IValidateOptions<ProvidersOptions>
{
    public ValidateOptionsResult Validate(string? name, ProvidersOptions options)
    {
        List<string> faults = [];
        foreach (var (key, provider) in options)
        {
            if (!string.Equals(catalog.Find(key)?.Info.Key, key, StringComparison.OrdinalIgnoreCase))
            {
                faults.Add($"Providers:{key} names no provider. The providers are {string.Join(", ", catalog.All.Select(connector => connector.Info.Key))}.");
                continue;
            }

            faults.AddRange(provider.AllUrls()
                .Where(url => url.Value is { Length: > 0 } && !(Uri.TryCreate(url.Value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)))
                .Select(url => $"Providers:{key}:{url.Name} is \"{url.Value}\"; it must be an absolute URL."));
            if (provider.RequestsPerMinute is { Length: > 0 } rate && !int.TryParse(rate, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                faults.Add($"Providers:{key}:RequestsPerMinute is \"{rate}\"; it must be a whole number, 0 for no limit.");
            }

            if (string.IsNullOrEmpty(provider.ClientId) != string.IsNullOrEmpty(provider.ClientSecret))
            {
                faults.Add($"Providers:{key} needs both ClientId and ClientSecret.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}

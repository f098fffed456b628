using Microsoft.Extensions.Options;

namespace Integrations.Core.Security;

internal sealed class SecurityOptionsValidator : IValidateOptions<SecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        var faults = Faults("Security:AllowedNetworks", options.AllowedNetworks).Concat(Faults("Security:TrustedProxies", options.TrustedProxies)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string key, IList<string> networks) =>
        networks.Select((text, index) => (text, index)).Where(item => SecurityOptions.ParseNetwork(item.text) is null)
            .Select(item => $"{key}:{item.index} is \"{item.text}\", which is neither an address nor a network such as 10.0.0.0/8 (host bits zero).");
}

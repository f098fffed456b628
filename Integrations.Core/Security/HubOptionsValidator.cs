using Microsoft.Extensions.Options;

namespace Integrations.Core.Security;

internal sealed class HubOptionsValidator : IValidateOptions<HubOptions>
{
    public ValidateOptionsResult Validate(string? name, HubOptions options)
    {
        if (options.PublicUrl.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        return Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "", UserInfo: "", AbsolutePath: "/" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"PublicUrl is \"{options.PublicUrl}\"; it must be an absolute http or https URL without a path, such as https://hub.example.com.");
    }
}

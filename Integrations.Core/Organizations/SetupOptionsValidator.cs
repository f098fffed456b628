using Integrations.Core.ApiKeys;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Organizations;

internal sealed class SetupOptionsValidator : IValidateOptions<SetupOptions>
{
    public ValidateOptionsResult Validate(string? name, SetupOptions options)
    {
        if (!options.IsGiven)
        {
            return ValidateOptionsResult.Success;
        }

        List<string> faults = [];
        Require(options.AdminEmail, nameof(SetupOptions.AdminEmail));
        Require(options.AdminPassword, nameof(SetupOptions.AdminPassword));
        Require(options.Organization, nameof(SetupOptions.Organization));
        if (options.ApiKey is { Length: > 0 } key && !ApiKeyText.IsWellFormed(key))
        {
            faults.Add("Setup:ApiKey must be sk_ and 32 to 200 letters or digits.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Require(string? value, string key)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                faults.Add($"Setup:{key} is required when any of Setup:* is set.");
            }
        }
    }
}

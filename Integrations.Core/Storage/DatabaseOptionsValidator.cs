using Integrations.Core.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Storage;

internal sealed class DatabaseOptionsValidator(IConfiguration configuration) : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        List<string> faults = [];
        if (!Enum.TryParse<DatabaseProvider>(options.Provider, ignoreCase: true, out var provider) || !Enum.IsDefined(provider))
        {
            faults.Add($"Database:Provider is \"{options.Provider}\"; it must be Sqlite or Postgres.");
        }
        else if (provider == DatabaseProvider.Postgres)
        {
            if (string.IsNullOrWhiteSpace(configuration.GetConnectionString("Integrations")))
            {
                faults.Add("ConnectionStrings:Integrations is required when Database:Provider is Postgres.");
            }

            if (ReadMasterKey(faults) is null && faults.Count == 0)
            {
                faults.Add($"{MasterKey.SettingName} is required when Database:Provider is Postgres: nodes share the key ring through the database, and it is kept there only encrypted.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        ReadMasterKey(faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private MasterKey? ReadMasterKey(List<string> faults)
    {
        try
        {
            return MasterKey.Read(configuration);
        }
        catch (FormatException exception)
        {
            faults.Add(exception.Message);
            return null;
        }
    }
}

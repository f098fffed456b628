using Integrations.Core.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

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
            else if (!IsConnectionString(configuration.GetConnectionString("Integrations")))
            {
                faults.Add("ConnectionStrings:Integrations is not a connection string of PostgreSQL, such as Host=db;Database=integrations;Username=hub;Password=….");
            }

            var before = faults.Count;
            if (ReadMasterKey(faults) is null && faults.Count == before)
            {
                faults.Add($"{MasterKey.SettingName} is required when Database:Provider is Postgres: nodes share the key ring through the database, and it is kept there only encrypted.");
            }

            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        ReadMasterKey(faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsConnectionString(string? text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
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

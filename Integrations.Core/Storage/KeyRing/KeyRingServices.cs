using Integrations.Core.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Storage.KeyRing;

internal static class KeyRingServices
{
    public static void AddKeyRing(this IServiceCollection services, Database database, MasterKey? masterKey)
    {
        services.AddDataProtection()
            // Without a name the content root would be part of the keys' purpose, and a moved installation could not read its secrets.
            .SetApplicationName("Integrations")
            .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        if (masterKey is null)
        {
            // The folder is made at the first use of the ring: before that nobody knows whether the data directory may be used.
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
                options.XmlRepository = new FileSystemXmlRepository(CreateKeysFolder(database.Directory), provider.GetRequiredService<ILoggerFactory>())));
        }
        else
        {
            services.AddSingleton(masterKey);
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
                options.XmlRepository = new DatabaseKeyRepository(provider.GetRequiredService<HubDbContextFactory>(), masterKey)));
        }

        services.AddSingleton<KeyRingGuard>();
        services.AddSingleton<SecretProtector>();
    }

    private static DirectoryInfo CreateKeysFolder(string directory)
    {
        var path = Path.Combine(directory, KeyRingGuard.KeysFolder);
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

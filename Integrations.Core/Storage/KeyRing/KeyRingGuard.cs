using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Integrations.Core.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Storage.KeyRing;

/// <summary>A fault of the installation that its operator must mend before the hub can start. The message says how.</summary>
public sealed class StartupException(string message) : Exception(message);

/// <summary>
/// Makes sure, before the host starts, that the key ring can be read: an unreadable ring would silently be replaced by a new one, and every stored secret
/// would be lost. Two canaries are kept: one under the master key, one under the ring.
/// </summary>
internal sealed class KeyRingGuard(
    HubDbContextFactory contexts, Database database, IDataProtectionProvider dataProtection, ILogger<KeyRingGuard> log, MasterKey? masterKey = null)
{
    public const string KeysFolder = "keys";

    private const string MasterKeyCanary = "MasterKeyCanary";
    private const string RingCanary = "KeyRingCanary";
    private static readonly Actor _actor = Actor.System("key ring");
    private static readonly byte[] _canary = Encoding.UTF8.GetBytes("The canary sings.");

    /// <exception cref="StartupException">The master key is missing or is not the one with which the ring was encrypted.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_actor);
        if (masterKey is null)
        {
            if (await db.KeyRingElements.AnyAsync(cancellationToken))
            {
                throw new StartupException($"The key ring in the database is encrypted, but {MasterKey.SettingName} is not set. Set it to the value with which the hub ran before.");
            }

            StorageLog.NoMasterKey(log, Path.Combine(database.Directory, KeysFolder));
        }
        else
        {
            await CheckMasterKeyAsync(db, masterKey, cancellationToken);
            MoveRing(masterKey);
        }

        await CheckRingAsync(db, cancellationToken);
    }

    private static async Task CheckMasterKeyAsync(IntegrationsDbContext db, MasterKey masterKey, CancellationToken cancellationToken)
    {
        if (await db.SystemSettings.FindAsync([MasterKeyCanary], cancellationToken) is { } canary)
        {
            try
            {
                masterKey.Decrypt(canary.Value, MasterKeyCanary);
            }
            catch (CryptographicException)
            {
                throw new StartupException($"{masterKey.Setting} is not the key with which this database was encrypted. Set it to the value with which the hub ran before.");
            }
        }
        else
        {
            db.SystemSettings.Add(new SystemSetting { Key = MasterKeyCanary, Value = masterKey.Encrypt(_canary, MasterKeyCanary) });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    // The hub ran without a master key before: its ring goes into the database, encrypted, and the files go.
    private void MoveRing(MasterKey key)
    {
        var folder = new DirectoryInfo(Path.Combine(database.Directory, KeysFolder));
        if (!folder.Exists)
        {
            return;
        }

        var repository = new DatabaseKeyRepository(contexts, key);
        var stored = repository.GetAllElements().Select(element => element.ToString(SaveOptions.DisableFormatting)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in folder.GetFiles("*.xml").OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var element = XElement.Load(file.FullName);
            // A kill between storing and deleting leaves both; the second run must not store it again.
            if (!stored.Contains(element.ToString(SaveOptions.DisableFormatting)))
            {
                repository.StoreElement(element, Path.GetFileNameWithoutExtension(file.Name));
            }

            file.Delete();
        }

        folder.Delete(recursive: true);
        StorageLog.KeyRingMoved(log);
    }

    private async Task CheckRingAsync(IntegrationsDbContext db, CancellationToken cancellationToken)
    {
        var protector = dataProtection.CreateProtector(RingCanary);
        if (await db.SystemSettings.FindAsync([RingCanary], cancellationToken) is { } canary)
        {
            // Asked before the ring is, which would make a new key where it finds none.
            if (masterKey is null && !Directory.EnumerateFiles(Path.Combine(database.Directory, KeysFolder), "*.xml").Any())
            {
                throw RingLost();
            }

            try
            {
                protector.Unprotect(canary.Value);
            }
            catch (CryptographicException)
            {
                throw RingLost();
            }
        }
        else
        {
            db.SystemSettings.Add(new SystemSetting { Key = RingCanary, Value = protector.Protect(_canary) });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private StartupException RingLost() => new(
        $"The key ring does not open what this database holds. Restore the folder {Path.Combine(database.Directory, KeysFolder)} that belongs to the database, or set {MasterKey.SettingName}.");
}

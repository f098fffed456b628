using System.Security.Cryptography;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Storage.KeyRing;

namespace Integrations.Core.Tests.Storage;

public sealed class KeyRingTests
{
    private const string OtherKey = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_secret_opens_after_a_restart(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var row = Guid.CreateVersion7();
        var ciphertext = hub.Get<SecretProtector>().Protect(hub.OrganizationId, row, "Table.Column", "secret");

        await hub.RestartAsync();

        Assert.Equal("secret", hub.Get<SecretProtector>().Unprotect(hub.OrganizationId, row, "Table.Column", ciphertext));
    }

    [Fact]
    public async Task A_ciphertext_opens_in_its_own_row_only()
    {
        await using var hub = await TestHub.CreateAsync();
        var protector = hub.Get<SecretProtector>();
        var row = Guid.CreateVersion7();
        var ciphertext = protector.Protect(hub.OrganizationId, row, "Table.Column", "secret");

        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(Guid.CreateVersion7(), row, "Table.Column", ciphertext));
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(hub.OrganizationId, Guid.CreateVersion7(), "Table.Column", ciphertext));
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(hub.OrganizationId, row, "Table.Other", ciphertext));
    }

    [Fact]
    public async Task The_ring_in_the_database_is_encrypted_whole()
    {
        await using var hub = await TestHub.CreateAsync();
        await using var db = hub.Open(Actor.System("test"));

        Assert.All(db.KeyRingElements.ToList(), element => Assert.DoesNotContain("masterKey", System.Text.Encoding.UTF8.GetString(element.Ciphertext), StringComparison.Ordinal));
        Assert.NotEmpty(db.KeyRingElements);
        Assert.False(Directory.Exists(Path.Combine(hub.DataDirectory, "keys")));
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("AAAA")]
    [InlineData("00")]
    public void A_malformed_master_key_is_refused_with_the_setting_named(string text)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { ["ENCRYPTION_KEY"] = text };

        Assert.StartsWith("ENCRYPTION_KEY must be 32 bytes", Assert.Throws<FormatException>(() => MasterKey.Read(configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_one_master_key_encrypted_another_does_not_open()
    {
        var one = MasterKey.Read(new Microsoft.Extensions.Configuration.ConfigurationManager { ["INTEGRATIONS_MASTER_KEY"] = new string('0', 64) })!;
        var other = MasterKey.Read(new Microsoft.Extensions.Configuration.ConfigurationManager { ["INTEGRATIONS_MASTER_KEY"] = OtherKey })!;
        var ciphertext = one.Encrypt("secret"u8, "purpose");

        Assert.Equal("secret"u8.ToArray(), one.Decrypt(ciphertext, "purpose"));
        Assert.ThrowsAny<CryptographicException>(() => other.Decrypt(ciphertext, "purpose"));
        Assert.ThrowsAny<CryptographicException>(() => one.Decrypt(ciphertext, "another"));
    }
}

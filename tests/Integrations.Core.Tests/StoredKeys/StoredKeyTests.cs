using System.Security.Cryptography;
using System.Text;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.StoredKeys;

public sealed class StoredKeyTests
{
    private const string Value = "sk_live_canary0123456789abcd";
    private const string Other = "sk_live_canary9876543210wxyz";

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_value_is_encrypted_for_its_row_and_column(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var (one, two) = (await CreateAsync(hub, "One", Value), await CreateAsync(hub, "Two", Other));
        await using (var db = hub.Open())
        {
            var rows = await db.StoredKeys.OrderBy(key => key.Id).ToListAsync();
            Assert.All(rows, row => Assert.DoesNotContain("canary", Encoding.Latin1.GetString(row.Value), StringComparison.Ordinal));
            Assert.ThrowsAny<CryptographicException>(() => hub.Get<SecretProtector>().Unprotect(hub.OrganizationId, one, "Connection.Credential", rows[0].Value));
            // Somebody with the database in their hands moves one key's value to another's row.
            rows[1].Value = rows[0].Value;
            await db.SaveChangesAsync();
        }

        Assert.Equal(Value, await ReadAsync(hub, one));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => ReadAsync(hub, two));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_name_stands_once_in_an_organization(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var first = await CreateAsync(hub, "Shop");
        var second = await CreateAsync(hub, "Other");
        var stranger = await StrangerAsync(hub);

        AssertRefused(RefusalKind.Conflict, "name", await Assert.ThrowsAsync<Refusal>(() => CreateAsync(hub, " Shop ")));
        AssertRefused(RefusalKind.Conflict, "name", await Assert.ThrowsAsync<Refusal>(() => UpdateAsync(hub, second, new StoredKeyInput { Name = "Shop" })));
        await UpdateAsync(hub, first, new StoredKeyInput { Name = "Shop" });
        await hub.Get<StoredKeyService>().CreateAsync(stranger, Input("Shop"), CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Many_at_once_make_no_more_than_there_may_be(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider, settings: new Dictionary<string, string?> { ["StoredKeys:MaxKeys"] = "3" });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await CreateAsync(hub, $"Key {i}");
                return null;
            }
            catch (Refusal refusal)
            {
                return refusal;
            }
        }));

        Assert.Equal(3, outcomes.Count(outcome => outcome is null));
        Assert.All(outcomes.OfType<Refusal>(), refusal => Assert.Equal(RefusalKind.Unprocessable, refusal.Kind));
        var rows = (await hub.Get<StoredKeyQueries>().ListAsync(hub.Actor, new PageRequest(), CancellationToken.None)).Rows;
        await hub.Get<StoredKeyService>().DeleteAsync(hub.Actor, rows[0].Id, CancellationToken.None);
        await CreateAsync(hub, "Room again");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Another_organization_finds_nothing(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var id = await CreateAsync(hub, "Mine");
        var stranger = await StrangerAsync(hub);
        var (queries, service) = (hub.Get<StoredKeyQueries>(), hub.Get<StoredKeyService>());

        Assert.Empty((await queries.ListAsync(stranger, new PageRequest(), CancellationToken.None)).Rows);
        Assert.Empty(await queries.ListForAsync(stranger, "stripe", CancellationToken.None));
        AssertRefused(RefusalKind.NotFound, null, await Assert.ThrowsAsync<Refusal>(() => queries.GetAsync(stranger, id, CancellationToken.None)));
        AssertRefused(RefusalKind.NotFound, null, await Assert.ThrowsAsync<Refusal>(() => service.UpdateAsync(stranger, id, Input("Theirs"), CancellationToken.None)));
        AssertRefused(RefusalKind.NotFound, null, await Assert.ThrowsAsync<Refusal>(() => service.DeleteAsync(stranger, id, CancellationToken.None)));
        AssertRefused(
            RefusalKind.Unprocessable, "storedKeyId", await Assert.ThrowsAsync<Refusal>(() => hub.Get<StoredKeyReader>().ReadForUseAsync(stranger, id, "stripe", CancellationToken.None)));
        Assert.Equal("Mine", (await queries.GetAsync(hub.Actor, id, CancellationToken.None)).Name);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_audit_log_tells_everything_but_the_value(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var id = await CreateAsync(hub, "Shop", Value, "stripe");
        await UpdateAsync(hub, id, new StoredKeyInput { Name = "Store" });
        await UpdateAsync(hub, id, new StoredKeyInput { Value = Other, Provider = "" });
        await ReadAsync(hub, id);
        await hub.Get<StoredKeyService>().DeleteAsync(hub.Actor, id, CancellationToken.None);

        await using var db = hub.Open();
        var entries = await db.AuditEntries.OrderBy(entry => entry.Id).ToListAsync();
        Assert.Equal(["stored_key.created", "stored_key.updated", "stored_key.updated", "stored_key.used", "stored_key.deleted"], entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal(PublicId.Format(PublicId.StoredKey, id), entry.TargetId));
        Assert.All(entries, entry => Assert.DoesNotContain("canary", entry.Before + entry.After, StringComparison.Ordinal));
        Assert.Equal("""{"name":"Shop","provider":"stripe","masked":"sk_…abcd"}""", entries[1].Before);
        Assert.Equal("""{"name":"Store","provider":null,"masked":"sk_…wxyz","isValueReplaced":true}""", entries[2].After);
        Assert.Equal("""{"provider":"stripe"}""", entries[3].After);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_change_leaves_what_it_does_not_name(DatabaseProvider provider)
    {
        var clock = new FakeClock();
        await using var hub = await TestHub.CreateAsync(provider, clock);
        var id = await CreateAsync(hub, "Shop", Value, "stripe");
        var made = await hub.Get<StoredKeyQueries>().GetAsync(hub.Actor, id, CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(1));

        await UpdateAsync(hub, id, new StoredKeyInput());
        Assert.Equal(made, await hub.Get<StoredKeyQueries>().GetAsync(hub.Actor, id, CancellationToken.None));
        await UpdateAsync(hub, id, new StoredKeyInput { Provider = "" });

        Assert.Equal(made with { Provider = null, UpdatedAt = clock.GetUtcNow() }, await hub.Get<StoredKeyQueries>().GetAsync(hub.Actor, id, CancellationToken.None));
        Assert.Equal(Value, await ReadAsync(hub, id));
        Assert.Equal(clock.GetUtcNow(), (await hub.Get<StoredKeyQueries>().GetAsync(hub.Actor, id, CancellationToken.None)).LastUsedAt);
    }

    [Fact]
    public async Task A_key_of_another_provider_is_refused_and_not_marked_as_used()
    {
        await using var hub = await TestHub.CreateAsync();
        var id = await CreateAsync(hub, "Shop", Value, "stripe");

        var refusal = await Assert.ThrowsAsync<Refusal>(() => hub.Get<StoredKeyReader>().ReadForUseAsync(hub.Actor, id, "sendgrid", CancellationToken.None));

        AssertRefused(RefusalKind.Unprocessable, "storedKeyId", refusal);
        Assert.Null((await hub.Get<StoredKeyQueries>().GetAsync(hub.Actor, id, CancellationToken.None)).LastUsedAt);
    }

    [Fact]
    public async Task A_provider_is_offered_its_own_keys_first_and_no_other_provider_s()
    {
        await using var hub = await TestHub.CreateAsync();
        await CreateAsync(hub, "any", Value);
        await CreateAsync(hub, "b", Value, "stripe");
        await CreateAsync(hub, "A", Value, "stripe");
        await CreateAsync(hub, "mail", Value, "sendgrid");

        Assert.Equal(["A", "b", "any"], (await hub.Get<StoredKeyQueries>().ListForAsync(hub.Actor, "stripe", CancellationToken.None)).Select(choice => choice.Name));
    }

    [Fact]
    public async Task A_list_pages_newest_first()
    {
        await using var hub = await TestHub.CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            await CreateAsync(hub, $"Key {i}");
        }

        var first = await hub.Get<StoredKeyQueries>().ListAsync(hub.Actor, new PageRequest(3), CancellationToken.None);
        var second = await hub.Get<StoredKeyQueries>().ListAsync(hub.Actor, new PageRequest(3, first.NextCursor), CancellationToken.None);

        Assert.Equal(["Key 4", "Key 3", "Key 2", "Key 1", "Key 0"], first.Rows.Concat(second.Rows).Select(row => row.Name));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task Who_may_not_is_refused()
    {
        await using var hub = await TestHub.CreateAsync();
        var id = await CreateAsync(hub, "Shop");
        var viewer = Actor.Member(hub.OrganizationId, Guid.CreateVersion7(), "viewer@example.com", Role.Viewer);
        var keys = Actor.ApiKey(hub.OrganizationId, Guid.CreateVersion7(), "keys", [Scopes.KeysAdmin]);
        var service = hub.Get<StoredKeyService>();

        Assert.Equal("sk_…abcd", (await hub.Get<StoredKeyQueries>().GetAsync(viewer, id, CancellationToken.None)).Masked);
        foreach (var refused in new Func<Task>[]
        {
            () => service.CreateAsync(viewer, Input("New"), CancellationToken.None),
            () => service.UpdateAsync(viewer, id, Input("New"), CancellationToken.None),
            () => service.DeleteAsync(viewer, id, CancellationToken.None),
            () => hub.Get<StoredKeyReader>().ReadForUseAsync(viewer, id, "stripe", CancellationToken.None),
            // To keep keys is one thing, to connect with them another.
            () => hub.Get<StoredKeyReader>().ReadForUseAsync(keys, id, "stripe", CancellationToken.None),
        })
        {
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(refused)).Kind);
        }
    }

    private static StoredKeyInput Input(string name, string value = Value, string? provider = null) => new() { Name = name, Value = value, Provider = provider };

    private static Task<Guid> CreateAsync(TestHub hub, string name, string value = Value, string? provider = null) =>
        hub.Get<StoredKeyService>().CreateAsync(hub.Actor, Input(name, value, provider), CancellationToken.None);

    private static Task UpdateAsync(TestHub hub, Guid id, StoredKeyInput input) => hub.Get<StoredKeyService>().UpdateAsync(hub.Actor, id, input, CancellationToken.None);

    private static Task<string> ReadAsync(TestHub hub, Guid id) => hub.Get<StoredKeyReader>().ReadForUseAsync(hub.Actor, id, "stripe", CancellationToken.None);

    private static async Task<Actor> StrangerAsync(TestHub hub)
    {
        var stranger = Actor.System("stranger", Guid.CreateVersion7());
        await hub.AddOrganizationAsync(stranger.OrganizationId!.Value);
        return stranger;
    }

    private static void AssertRefused(RefusalKind kind, string? field, Refusal refusal)
    {
        Assert.Equal(kind, refusal.Kind);
        Assert.Equal(field, refusal.Faults[0].Field);
    }
}

using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Records;

public sealed class RecordHashesTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Records_from_before_get_their_hashes_at_the_next_start(DatabaseProvider database)
    {
        await using var hub = await TestHub.CreateAsync(database);
        await UpsertAsync(hub, Enumerable.Range(0, 1_000).Select(i => new { email = $"{i}@example.com" }));
        await UpsertAsync(hub, [new { email = "Ada@example.com", phone = "1" }]);
        await UpsertAsync(hub, [new { name = "Nobody" }]);
        await using (var db = hub.Open())
        {
            await db.Records.Where(record => record.MatchHash != null).ExecuteUpdateAsync(set => set.SetProperty(record => record.MatchHash, RecordHashes.Missing));
        }

        await hub.Get<DatabaseMigrator>().RunAsync(CancellationToken.None);

        await using (var db = hub.Open())
        {
            Assert.Equal(0, await db.Records.CountAsync(record => record.MatchHash == RecordHashes.Missing));
            Assert.Equal(1, await db.Records.CountAsync(record => record.MatchHash == null));
        }

        var outcomes = await UpsertAsync(hub, [new { email = "ada@example.com", phone = "2" }, new { email = "999@example.com", phone = "3" }, new { email = "new@example.com", phone = "" }]);
        Assert.Equal([BulkStatus.Updated, BulkStatus.Updated, BulkStatus.Created], outcomes.Select(outcome => outcome.Status));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_only_shares_the_hash_is_another_record(DatabaseProvider database)
    {
        await using var hub = await TestHub.CreateAsync(database);
        await UpsertAsync(hub, [new { email = "ada@example.com" }]);
        await using (var db = hub.Open())
        {
            var hash = RecordShape.MatchHashOf(RecordTypes.Contacts, "bob@example.com");
            await db.Records.ExecuteUpdateAsync(set => set.SetProperty(record => record.MatchHash, hash));
        }

        var outcome = Assert.Single(await UpsertAsync(hub, [new { email = "bob@example.com" }]));

        Assert.Equal(BulkStatus.Created, outcome.Status);
    }

    [Fact]
    public void The_hash_stays_what_it_is() => Assert.Equal(
        (6_332_337_834_823_580_309L, (long?)null), (RecordShape.MatchHashOf(RecordTypes.Contacts, "ada@example.com")!.Value, RecordShape.MatchHashOf(RecordTypes.Contacts, (string?)null)));

    private static Task<IReadOnlyList<BulkOutcome>> UpsertAsync(TestHub hub, IEnumerable<object> items) => hub.Get<RecordService>().UpsertAsync(
        hub.Actor, RecordTypes.Contacts, [.. items.Select(item => JsonSerializer.SerializeToElement(item))], CancellationToken.None);
}

using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Storage;

/// <summary>Statements for many rows do the same on both databases, though PostgreSQL takes most of them in one.</summary>
public sealed class ManyRowsTests
{
    private const string InsertAttempt =
        """
        INSERT INTO "WebhookAttempts" ("Id", "OrganizationId", "DeliveryId", "Number", "StartedAt", "Outcome", "Error", "RequestHeaders", "ResponseStatus", "ResponseBody",
          "ResponseBodyCut", "ConnectionReused", "TotalMicroseconds")
        VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10 = 1, 0 = 1, 0)
        """;

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Values_of_every_kind_and_their_absence_come_back(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var now = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        List<(Guid Id, string? Error, long? Status, byte[]? Body)> rows =
        [
            (TimeOrderedId.New(now), null, 200, [0, 255, 39]),
            (TimeOrderedId.New(now), "it's {\"broken\", \\ NULL}", null, null),
            (TimeOrderedId.New(now), "", 204, []),
            (TimeOrderedId.New(now), null, null, null),
        ];
        var delivery = Guid.CreateVersion7();

        await WriteAsync(hub, InsertAttempt, rows, (bind, row) => bind
            .Add(row.Id).Add(hub.OrganizationId).Add(delivery).Add((long)rows.IndexOf(row)).Add(now).Add(row.Error).Add("{}").Add(row.Status).Add(row.Body).Add(row.Body is null ? 1L : 0L));

        await using var db = hub.Open();
        var stored = await db.WebhookAttempts.OrderBy(attempt => attempt.Number).ToListAsync();
        Assert.Equal(rows.Select(row => (row.Id, row.Error, (int?)row.Status, row.Body is null)), stored.Select(row => (row.Id, row.Error, row.ResponseStatus, row.ResponseBodyCut)));
        Assert.Equal(rows.Select(row => row.Body), stored.Select(row => row.ResponseBody));
        Assert.All(stored, row => Assert.Equal(now, row.StartedAt));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Very_many_rows_come_back_whole_however_long_they_are(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var now = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        // Lengths below, at and above what is bound in place; texts that grow threefold as bytes.
        var rows = Enumerable.Range(0, 300).Select(i => new SyncIssue
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = hub.OrganizationId,
            RunId = Guid.CreateVersion7(),
            Kind = (SyncIssueKind)(i % 2),
            DataType = "contacts",
            Direction = SyncDirections.In,
            ExternalId = i % 3 == 0 ? null : new string('€', i % 256),
            RecordId = i % 5 == 0 ? null : Guid.CreateVersion7(),
            Name = "",
            Message = new string('x', i),
            Payload = i % 7 == 0 ? null : [.. Enumerable.Range(0, i * 40).Select(value => (byte)value)],
            RemoteVersion = i % 2 == 0 ? null : now,
            At = now,
        }).ToList();

        await hub.Get<IGroupWriter>().WriteAsync(
            async session =>
            {
                await SyncStore.AddIssuesAsync(session, rows);
                return true;
            },
            CancellationToken.None);

        await using var db = hub.Open();
        var stored = await db.SyncIssues.OrderBy(issue => issue.Id).ToListAsync();
        Assert.Equal(
            rows.Select(row => (row.Id, row.RunId, row.Kind, row.ExternalId, row.RecordId, row.Name, row.Message, row.RemoteVersion)),
            stored.Select(row => (row.Id, row.RunId, row.Kind, row.ExternalId, row.RecordId, row.Name, row.Message, row.RemoteVersion)));
        Assert.All(rows.Zip(stored), pair => Assert.Equal(pair.First.Payload, pair.Second.Payload));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_empty_text_after_bytes_of_any_length_is_empty(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        await WriteAsync(hub, """INSERT INTO "SystemSettings" ("Key", "Value") VALUES ($1, $2)""", ["test-a"], (bind, key) => bind.Add(key).Add([0]));

        foreach (var length in Enumerable.Range(4_088, 16))
        {
            await WriteAsync(hub, """UPDATE "SystemSettings" SET "Value" = $1 WHERE "Key" = 'test-a' AND $2 = ''""", [length], (bind, size) => bind.Add(new byte[size]).Add(""));

            await using var db = hub.Open();
            Assert.Equal(length, (await db.SystemSettings.SingleAsync(setting => setting.Key == "test-a")).Value.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Of_rows_with_the_same_key_the_first_is_kept_or_the_last_wins_as_the_statement_says(DatabaseProvider provider)
    {
        const string insert = """INSERT INTO "SystemSettings" ("Key", "Value") VALUES ($1, $2) ON CONFLICT """;
        await using var hub = await TestHub.CreateAsync(provider);
        List<(string Key, byte Value)> rows = [("test-a", 1), ("test-b", 2), ("test-a", 3)];

        await SetAsync($"{insert} DO NOTHING");
        var kept = await ReadAsync(hub);
        await SetAsync($"""{insert} ("Key") DO UPDATE SET "Value" = excluded."Value" """);
        var replaced = await ReadAsync(hub);
        rows = [("test-b", 5), ("test-b", 6), ("test-c", 7)];
        await SetAsync("""UPDATE "SystemSettings" SET "Value" = $2 WHERE "Key" = $1""");

        Assert.Equal([1, 2], kept);
        Assert.Equal([3, 2], replaced);
        Assert.Equal([3, 6], await ReadAsync(hub));

        Task SetAsync(string sql) => WriteAsync(hub, sql, rows, (bind, row) => bind.Add(row.Key).Add([row.Value]));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Each_row_is_changed_by_its_own_values_and_only_where_all_conditions_hold(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        await WriteAsync(
            hub, """INSERT INTO "SystemSettings" ("Key", "Value") VALUES ($1, $2)""", ["test-a", "test-b", "test-c"], (bind, key) => bind.Add(key).Add([0]));

        await WriteAsync(
            hub,
            """UPDATE "SystemSettings" SET "Value" = CASE WHEN $3 = 1 THEN $1 ELSE "Value" END WHERE "Key" = $2 AND "Value" = $4""",
            new (string Key, byte Value, bool Set, byte Was)[] { ("test-a", 1, true, 0), ("test-b", 2, false, 0), ("test-c", 3, true, 9) },
            (bind, row) => bind.Add([row.Value]).Add(row.Key).Add(row.Set ? 1L : 0L).Add([row.Was]));

        Assert.Equal([1, 0, 0], await ReadAsync(hub));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task One_row_that_cannot_be_written_undoes_all(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);

        foreach (var others in new[] { 1, 200 })
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => WriteAsync(
                hub, """INSERT INTO "SystemSettings" ("Key", "Value") VALUES ($1, $2)""", ["test-a", .. Enumerable.Range(0, others).Select(i => $"test-{i}"), "test-a"], (bind, key) => bind.Add(key).Add([0])));

            Assert.Empty(await ReadAsync(hub));
        }
    }

    private static Task<bool> WriteAsync<TRow>(TestHub hub, string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind) => hub.Get<IGroupWriter>().WriteAsync(
        async session =>
        {
            await session.ExecuteManyAsync(sql, rows, bind);
            return true;
        },
        CancellationToken.None);

    private static async Task<List<int>> ReadAsync(TestHub hub)
    {
        await using var db = hub.Open();
        var values = await db.SystemSettings.Where(setting => setting.Key.StartsWith("test")).OrderBy(setting => setting.Key).Select(setting => setting.Value).ToListAsync();
        return values.ConvertAll(value => (int)value[0]);
    }
}

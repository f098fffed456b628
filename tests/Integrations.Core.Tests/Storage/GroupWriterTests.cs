using Integrations.Core.Storage;
using Integrations.Testing;

namespace Integrations.Core.Tests.Storage;

public sealed class GroupWriterTests
{
    private const string Insert = """INSERT INTO "SystemSettings" ("Key", "Value") VALUES ($1, $2)""";

    private const string Append = """UPDATE "SystemSettings" SET "Value" = "Value" || $2 WHERE "Key" = $1""";

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_written_is_there_when_the_call_returns(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => WriteAsync(hub, $"test{i}")));

        await using var db = hub.Open();
        Assert.Equal(500, db.SystemSettings.Count(setting => setting.Key.StartsWith("test")));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Work_that_fails_is_undone_alone(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);

        var works = Enumerable.Range(0, 100).Select(i => WriteAsync(hub, $"test{i}", fail: i % 3 == 0)).ToList();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(works));

        await using var db = hub.Open();
        Assert.Equal(66, db.SystemSettings.Count(setting => setting.Key.StartsWith("test")));
        Assert.Equal(34, works.Count(work => work.IsFaulted));
    }

    [Fact]
    public async Task Contexts_and_the_writer_share_the_one_write_lock_of_SQLite()
    {
        await using var hub = await TestHub.CreateAsync();

        var hot = Enumerable.Range(0, 300).Select(i => WriteAsync(hub, $"test{i}"));
        var contexts = Enumerable.Range(0, 50).Select(_ => hub.AddOrganizationAsync(Guid.CreateVersion7()));
        await Task.WhenAll(hot.Concat(contexts));

        await using var db = hub.Open();
        Assert.Equal(300, db.SystemSettings.Count(setting => setting.Key.StartsWith("test")));
        Assert.Equal(51, db.Organizations.Count());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Signals_of_work_that_was_undone_are_not_sent(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        await hub.StartAsync();
        var kept = new HubSignal(HubSignalKind.EventsPublished, Guid.CreateVersion7());
        var undone = new HubSignal(HubSignalKind.EventsPublished, Guid.CreateVersion7());
        List<HubSignal> heard = [];
        using var waiter = new SignalWaiter(hub.Get<HubSignals>(), kept);
        using var subscription = hub.Get<HubSignals>().Subscribe(signal =>
        {
            lock (heard)
            {
                heard.Add(signal);
            }
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => SignalAsync(hub, undone, fail: true));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        do
        {
            await SignalAsync(hub, kept, fail: false);
        }
        while (!await WaitBrieflyAsync(waiter) && !patience.IsCancellationRequested);

        Assert.Contains(kept, heard);
        Assert.DoesNotContain(undone, heard);
    }

    [PostgresFact]
    public async Task Signals_reach_the_other_nodes_and_come_to_their_own_once()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var one = await TestHub.CreateOnAsync(database);
        await using var other = await TestHub.CreateOnAsync(database);
        await one.StartAsync();
        await other.StartAsync();
        var signal = new HubSignal(HubSignalKind.ApiKeysChanged, Guid.CreateVersion7());
        var heard = 0;
        using var subscription = one.Get<HubSignals>().Subscribe(received => heard += received == signal ? 1 : 0);
        using var waiter = new SignalWaiter(other.Get<HubSignals>(), signal);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var sent = 0;
        do
        {
            // The relay of the other may not listen yet.
            await SignalAsync(one, signal, fail: false);
            sent++;
        }
        while (!await WaitBrieflyAsync(waiter) && !patience.IsCancellationRequested);

        Assert.False(patience.IsCancellationRequested);
        Assert.Equal(sent, heard);
    }

    [Fact]
    public async Task A_transaction_that_SQLite_itself_undid_fails_its_lot_and_the_writer_goes_on()
    {
        await using var hub = await TestHub.CreateAsync();

        // As a full disk does in the middle of a statement.
        var spoiled = hub.Get<IGroupWriter>().WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("ROLLBACK", static _ => { });
                return await session.ExecuteAsync("NO SUCH STATEMENT", static _ => { });
            },
            CancellationToken.None);
        await Assert.ThrowsAnyAsync<Exception>(() => spoiled);

        Assert.Equal(1, await WriteAsync(hub, "test-after"));
    }

    [PostgresFact]
    public async Task Work_that_was_undone_because_two_waited_for_each_other_is_done_again()
    {
        await using var hub = await TestHub.CreateAsync(DatabaseProvider.Postgres);
        await WriteAsync(hub, "test1");
        await WriteAsync(hub, "test2");
        TaskCompletionSource hasFirst = new(TaskCreationOptions.RunContinuationsAsynchronously), hasSecond = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var tries = 0;

        await Task.WhenAll(LockBothAsync("test1", hasFirst, "test2", hasSecond), LockBothAsync("test2", hasSecond, "test1", hasFirst));

        Assert.Equal(3, tries);
        await using var db = hub.Open();
        Assert.All(db.SystemSettings.Where(setting => setting.Key.StartsWith("test")).ToList(), setting => Assert.Equal(3, setting.Value.Length));

        Task<bool> LockBothAsync(string one, TaskCompletionSource hasOne, string other, TaskCompletionSource hasOther) => hub.Get<IGroupWriter>().WriteAsync(
            async session =>
            {
                Interlocked.Increment(ref tries);
                await session.ExecuteAsync(Append, bind => bind.Add(one).Add([1]));
                hasOne.TrySetResult();
                await hasOther.Task;
                await session.ExecuteAsync(Append, bind => bind.Add(other).Add([1]));
                return true;
            },
            CancellationToken.None);
    }

    private static async Task<bool> WaitBrieflyAsync(SignalWaiter waiter)
    {
        using var brief = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        return await waiter.WaitAsync(brief.Token);
    }

    private static Task<bool> SignalAsync(TestHub hub, HubSignal signal, bool fail) => hub.Get<IGroupWriter>().WriteAsync(
        session =>
        {
            session.SignalAfterCommit(signal);
            return fail ? throw new InvalidOperationException("undone") : ValueTask.FromResult(true);
        },
        CancellationToken.None);

    private static Task<int> WriteAsync(TestHub hub, string key, bool fail = false) => hub.Get<IGroupWriter>().WriteAsync(
        async session =>
        {
            var changed = await session.ExecuteAsync(Insert, bind => bind.Add(key).Add([1]));
            return fail ? throw new InvalidOperationException("undone") : changed;
        },
        CancellationToken.None);
}

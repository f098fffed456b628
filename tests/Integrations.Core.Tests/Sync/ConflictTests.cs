using Integrations.Core.Connections;
using Integrations.Core.Sync;
using Integrations.Core.Tests.Sync.Providers;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Sync;

/// <summary>Any interleaving of changes on both sides ends in the state that the policy names, and the next sync changes nothing.</summary>
public sealed class ConflictTests
{
    private const int Contacts = 12;

    [Theory]
    [InlineData("newest", 1)]
    [InlineData("newest", 2)]
    [InlineData("provider", 3)]
    [InlineData("provider", 4)]
    [InlineData("platform", 5)]
    [InlineData("platform", 6)]
    public async Task Both_sides_end_alike_by_the_policy(string policy, int seed)
    {
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Reset(Contacts);
        await world.Hub.Get<ConnectionService>().UpdateAsync(
            world.Actor, world.Connection,
            new ConnectionChanges { Settings = new Dictionary<string, string> { [ConnectionSettings.ConflictPolicy] = policy } }, CancellationToken.None);
        SyncWorld.AssertDone(await world.BothAsync());
        Random random = new(seed);
        for (var round = 0; round < 3; round++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(10));
            Dictionary<int, string> expected = [];
            for (var i = 0; i < Contacts; i++)
            {
                await ChangeAsync(world, random, policy, i, round, expected);
            }

            var run = await world.BothAsync();
            SyncWorld.AssertDone(run);
            // What the hub's side won goes out in the same run, and nothing is left.
            foreach (var (index, phone) in expected)
            {
                var there = world.Customers.Read(index)["phone"]?.GetValue<string>();
                var here = (await world.ContactOfAsync(world.Customers.IdOf(index)))!.Fields.Text("phone");
                Assert.True((there, here) == (phone, phone), $"Round {round}, row {index} under {policy}: {there} there and {here} here instead of {phone}. {await TellAsync(world, index, run)}");
            }

            // The echo of what was pushed comes back once; then there is rest.
            SyncWorld.AssertDone(await world.BothAsync());
            var rest = await world.BothAsync();
            Assert.Equal((0, 0, 0), (rest.Parts.Sum(part => part.Created), rest.Parts.Sum(part => part.Updated), rest.Conflicts));
        }
    }

    private static async Task<string> TellAsync(SyncWorld world, int index, SyncRunRow run)
    {
        await using var db = world.Hub.Open();
        var id = world.Customers.IdOf(index);
        var link = await db.RecordLinks.AsNoTracking().SingleAsync(row => row.ExternalId == id);
        var record = await db.Records.AsNoTracking().SingleAsync(row => row.Id == link.RecordId);
        var state = await db.SyncStates.AsNoTracking().SingleAsync();
        return $"It is {world.Clock.GetUtcNow():O}; the run began {run.Run.StartedAt:O}: {ProviderWorld.Describe(run)}. The record, of {record.UpdatedAt:O}, has the print {record.Print}; the link the prints {link.RecordPrint} and "
            + $"{link.PushedPrint} of {link.SyncedAt:O}; out until {state.OutUntil:O}.";
    }

    private static async Task ChangeAsync(SyncWorld world, Random random, string policy, int index, int round, Dictionary<int, string> expected)
    {
        var (mine, theirs) = ($"+1 555 0{round}{index:00}", $"+44 20 0{round}{index:00}");
        var record = (await world.ContactOfAsync(world.Customers.IdOf(index)))!.Id;
        switch (random.Next(5))
        {
            case 0:
                world.Customers.Edit(index, ("phone", theirs));
                expected[index] = theirs;
                break;
            case 1:
                await world.SetAsync(record, new { phone = mine });
                expected[index] = mine;
                break;
            case 2:
                world.Customers.Edit(index, ("phone", theirs));
                world.Clock.Advance(TimeSpan.FromSeconds(1));
                await world.SetAsync(record, new { phone = mine });
                expected[index] = policy == "provider" ? theirs : mine;
                break;
            case 3:
                await world.SetAsync(record, new { phone = mine });
                world.Clock.Advance(TimeSpan.FromSeconds(1));
                world.Customers.Edit(index, ("phone", theirs));
                expected[index] = policy == "platform" ? mine : theirs;
                break;
            default:
                break;
        }
    }
}

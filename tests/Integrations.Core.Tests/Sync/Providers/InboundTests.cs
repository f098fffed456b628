using System.Globalization;
using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Sync;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>What every provider's rows become in the hub: all of them, what changed later, and what is gone.</summary>
public sealed class InboundTests
{
    private const int Rows = 12;

    public static TheoryData<string> Keys { get; } = [.. InboundCase.All.Select(row => row.Key).Distinct()];

    public static TheoryData<string> TellKeys { get; } = [.. InboundCase.All.Where(row => row.TellsDeletes).Select(row => row.Key).Distinct()];

    [Theory, MemberData(nameof(Keys))]
    public async Task Everything_of_a_provider_comes_in(string key)
    {
        await using var world = await StartAsync(key);

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);

        foreach (var expected in InboundCase.Of(key))
        {
            var records = await world.RecordsAsync(expected.DataType);
            var taken = Taken(world, expected).ToList();
            if (expected.Key != "instagram")
            {
                Assert.True(taken.Count == records.Count, $"{expected}: {records.Count} of {taken.Count}.");
            }

            foreach (var row in taken)
            {
                AssertSame(expected, row, records);
            }
        }
    }

    [Theory, MemberData(nameof(Keys))]
    public async Task Only_what_changed_comes_in_later(string key)
    {
        await using var world = await StartAsync(key);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);
        Dictionary<string, int> changed = new(StringComparer.Ordinal);
        foreach (var expected in InboundCase.Of(key))
        {
            // The first table's row is one that the hub takes.
            var (table, index, _) = Taken(world, expected).First();
            changed[expected.DataType] = expected.TellsEdits ? 1 : 2;
            if (expected.Table == "channels")
            {
                // The sandbox shows them by their revision.
                table.Touch(1);
            }
            else if (expected.TellsEdits)
            {
                table.Edit(index, EditOf(expected));
            }
            else
            {
                table.Create(2);
            }
        }

        var run = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.In);

        foreach (var expected in InboundCase.Of(key))
        {
            var part = run.Parts.Single(part => part.DataType == expected.DataType);
            // In the sandbox an invoice that changed changes the amounts of its payments.
            var news = expected.TellsEdits ? part.Updated : part.Created;
            Assert.True(expected.DataType == "payments" ? news >= changed[expected.DataType] : news == changed[expected.DataType], $"{expected}: {ProviderWorld.Describe(run)}");
            // Rows are a minute apart, and the two minutes before the newest are read again.
            Assert.True(!expected.TellsChanges || part.Processed <= changed[expected.DataType] + (3 * expected.Tables.Count), $"{expected} read too much: {ProviderWorld.Describe(run)}");
            var records = await world.RecordsAsync(expected.DataType);
            AssertSame(expected, Taken(world, expected).First(), records);
        }

        var again = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.In);

        Assert.Equal(0, again.Parts.Sum(part => part.Created + part.Updated + part.Deleted));
    }

    [Theory, MemberData(nameof(Keys))]
    public async Task What_is_deleted_at_a_provider_goes(string key)
    {
        await using var world = await StartAsync(key);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);
        Dictionary<string, string> gone = new(StringComparer.Ordinal);
        foreach (var expected in InboundCase.Of(key))
        {
            gone[expected.DataType] = DeleteLast(world, expected);
        }

        var run = await world.SyncAllAsync(SyncType.Full, SyncDirections.In);
        var unsure = InboundCase.Of(key).Where(expected => ConnectorCatalog.FromAssembly().Find(key)!.DataTypes.Single(type => type.Name == expected.DataType).MayMissRows).ToList();
        foreach (var expected in unsure)
        {
            Assert.Contains(gone[expected.DataType], await world.RecordsAsync(expected.DataType));
        }

        run = unsure.Count > 0 ? await world.SyncAllAsync(SyncType.Full, SyncDirections.In) : run;
        foreach (var expected in InboundCase.Of(key))
        {
            var records = await world.RecordsAsync(expected.DataType);
            var isThere = records.TryGetValue(gone[expected.DataType], out var record);
            if (expected.Deleted is { } mark)
            {
                Assert.True(isThere && record!.Fields.Text(mark.Field) == mark.Value, $"{expected}: {ProviderWorld.Describe(run)}");
            }
            else
            {
                Assert.True(isThere == expected.Stays, $"{expected}: {ProviderWorld.Describe(run)}");
                Assert.True(expected.Stays || records.Count == Taken(world, expected).Count(), $"{expected}: {records.Count}; {ProviderWorld.Describe(run)}");
            }
        }
    }

    [Theory, MemberData(nameof(TellKeys))]
    public async Task A_deletion_comes_in_without_reading_everything(string key)
    {
        await using var world = await StartAsync(key);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);
        var told = InboundCase.Of(key).Where(expected => expected.TellsDeletes).ToList();
        // Something that is new, so that the syncs after it begin now and not where the generated rows end.
        foreach (var expected in told)
        {
            world.Provider.Rows(expected.Table).Create(1);
        }

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.In);
        var gone = told.ToDictionary(expected => expected.DataType, expected => DeleteLast(world, expected), StringComparer.Ordinal);

        var run = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.In);

        foreach (var expected in told)
        {
            Assert.True(run.Parts.Single(part => part.DataType == expected.DataType).Deleted == 1, $"{expected}: {ProviderWorld.Describe(run)}");
            Assert.DoesNotContain(gone[expected.DataType], await world.RecordsAsync(expected.DataType));
        }
    }

    /// <summary>Rows that a provider should not have are reported one by one, and hold nothing else up.</summary>
    [Theory, MemberData(nameof(Keys))]
    public async Task Odd_rows_hold_nothing_up(string key)
    {
        await using var world = await StartAsync(key, rows: 900);
        world.Provider.Dirt = true;

        var run = await world.SyncAsync(SyncType.Full, SyncDirections.In);

        Assert.True(run.Run.Status is SyncStatus.Completed or SyncStatus.Partial, ProviderWorld.Describe(run));
        Assert.Empty(world.Provider.Violations);
        Assert.All(run.Parts, part => Assert.True(part.Failed <= part.Processed / 40 && part.Created > 0, ProviderWorld.Describe(run)));
    }

    private static async Task<ProviderWorld> StartAsync(string key, int rows = Rows)
    {
        var world = await ProviderWorld.StartAsync(key);
        foreach (var expected in InboundCase.Of(key))
        {
            foreach (var part in expected.Tables)
            {
                // Channels have their names, and calls for each post are many.
                world.Provider.Rows(expected.Table, part).Reset(expected.Table switch
                {
                    "channels" => 9,
                    "media" => 4,
                    "salesinvoice" or "invoice" or "customer" => Math.Min(rows, 200),
                    _ => rows,
                });
            }
        }

        return world;
    }

    // The first of each table first, so that it is the one that is changed.
    private static IEnumerable<(DataTable Table, int Index, string Id)> Taken(ProviderWorld world, InboundCase expected)
    {
        foreach (var part in expected.Tables)
        {
            var table = world.Provider.Rows(expected.Table, part);
            for (var index = 0; index < Rows + 2; index++)
            {
                if (Read(table, index) is { } row && expected.Takes(row))
                {
                    yield return (table, index, expected.Prefix(world.Provider, part) + table.IdOf(index));
                }
            }
        }
    }

    private static string DeleteLast(ProviderWorld world, InboundCase expected)
    {
        var (table, index, id) = Taken(world, expected).Last();
        table.DeleteAt(index);
        return id;
    }

    private static JsonObject? Read(DataTable table, int index)
    {
        try
        {
            return table.Read(index);
        }
        catch (ArgumentException)
        {
            // It is deleted, or beyond the last.
            return null;
        }
    }

    private static (string, object?)[] EditOf(InboundCase expected) => expected.Table switch
    {
        "Customer" or "Vendor" => [("GivenName", "Renamed")],
        "Invoice" => [("DueDate", "2026-12-24")],
        "Payment" => [("TotalAmt", 77.5m)],
        "Purchase" => [("PaymentType", "Check")],
        "Contacts" when expected.Key == "xero" => [("FirstName", "Renamed")],
        "Invoices" => [("AmountDue", 77.5m)],
        "Payments" => [("Reference", "Corrected")],
        "ExpenseClaims" => [("Status", "VOIDED")],
        "BankTransactions" => [("Reference", "Corrected")],
        "Contact" => [("FirstName", "Renamed")],
        "Contacts" => [("First_Name", "Renamed")],
        "members" => [("merge_fields.FNAME", "Renamed")],
        "contacts" => [("first_name", "Renamed")],
        "users" => [("real_name", "Renamed")],
        "customer" => [("companyname2", "Renamed")],
        "stockitem" => [("description", "Renamed")],
        "salesinvoice" => [("docdate", "2026-12-24")],
        "debtor" => [("companyName", "Renamed")],
        "product" => [("productName", "Renamed")],
        _ => [("master.docDate", "2026-12-24")],
    };

    private static void AssertSame(InboundCase expected, (DataTable Table, int Index, string Id) place, Dictionary<string, RecordRow> records)
    {
        var (row, id) = (place.Table.Read(place.Index), place.Id);
        Assert.True(records.TryGetValue(id, out var record), $"{expected}: {id} is not among {string.Join(", ", records.Keys.Take(3))}…");
        foreach (var (field, path) in expected.Values)
        {
            var (theirs, ours) = (InboundCase.Text(row, path), record!.Fields.Text(field));
            var isSame = theirs == ours || (string.IsNullOrEmpty(theirs) && ours is null)
                || (decimal.TryParse(theirs, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(ours, CultureInfo.InvariantCulture, out var b) && a == b);
            Assert.True(isSame, $"{expected}: {field} of {id} is {ours} instead of {theirs}.");
        }
    }
}

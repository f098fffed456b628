using System.Text;
using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Records;

public sealed class RecordServiceTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Record_is_made_changed_and_deleted_with_its_history_and_events(DatabaseProvider database)
    {
        await using var hub = await TestHub.CreateAsync(database);
        var (service, queries) = (hub.Get<RecordService>(), hub.Get<RecordQueries>());
        var id = await service.CreateAsync(hub.Actor, RecordTypes.Invoices, Json(new { number = "INV-1", amount = 12.5, currency = "eur", status = "open" }), CancellationToken.None);
        await service.UpdateAsync(hub.Actor, RecordTypes.Invoices, id, Json(new { status = "paid", balance = 0 }), CancellationToken.None);
        await service.UpdateAsync(hub.Actor, RecordTypes.Invoices, id, Json(new { status = "paid" }), CancellationToken.None);

        var row = await queries.GetAsync(hub.Actor, RecordTypes.Invoices, id, CancellationToken.None);
        Assert.Equal(("INV-1", "EUR", "paid"), (row.Name, row.Fields.Text("currency"), row.Fields.Text("status")));
        var history = (await queries.HistoryAsync(hub.Actor, id, new PageRequest(10), CancellationToken.None)).Rows;
        Assert.Equal([RecordChangeKind.Updated, RecordChangeKind.Created], history.Select(change => change.Kind));
        Assert.Equal(("open", "paid"), history[0].Fields["status"]);

        await service.DeleteAsync(hub.Actor, RecordTypes.Invoices, id, CancellationToken.None);
        await Assert.ThrowsAsync<Refusal>(() => queries.GetAsync(hub.Actor, RecordTypes.Invoices, id, CancellationToken.None));
        await using var db = hub.Open();
        Assert.Equal(
            ["invoice.created", "invoice.updated", "invoice.paid", "invoice.deleted"], await db.Events.OrderBy(row => row.Id).Select(row => row.Type).ToListAsync());
        // The second change changed nothing.
        var audited = await db.AuditEntries.OrderBy(row => row.Id).ToListAsync();
        Assert.Equal(["record.created", "record.updated", "record.deleted"], audited.Select(entry => entry.Action));
        Assert.All(audited, entry => Assert.Equal(RecordIds.Format(RecordTypes.Invoices, id), entry.TargetId));
        Assert.Equal(("""{"status":"open","balance":null}""", """{"status":"paid","balance":"0"}"""), (audited[1].Before, audited[1].After));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Bulk_tells_each_item_apart(DatabaseProvider database)
    {
        await using var hub = await TestHub.CreateAsync(database);
        var service = hub.Get<RecordService>();
        await service.UpsertAsync(hub.Actor, RecordTypes.Contacts, [Json(new { email = "ada@example.com", name = "Ada" })], CancellationToken.None);
        var outcomes = await service.UpsertAsync(
            hub.Actor, RecordTypes.Contacts,
            [
                Json(new { email = "ADA@example.com", phone = "1" }), Json(new { email = "bob@example.com" }), Json(new { email = "bob@example.com" }), Json(new { email = "nobody" }),
                Json(new { id = "con_00000000000000000000000000", name = "X" }),
            ],
            CancellationToken.None);
        Assert.Equal([BulkStatus.Updated, BulkStatus.Created, BulkStatus.Failed, BulkStatus.Failed, BulkStatus.Failed], outcomes.Select(outcome => outcome.Status));
        Assert.Equal("Item 1 of this request has the same email.", outcomes[2].Error);
        var again = await service.UpsertAsync(hub.Actor, RecordTypes.Contacts, [Json(new { email = "ADA@example.com", phone = "1" })], CancellationToken.None);
        Assert.Equal(BulkStatus.Unchanged, again[0].Status);
    }

    [Fact]
    public async Task Reference_to_nothing_is_refused()
    {
        await using var hub = await TestHub.CreateAsync();
        var refusal = await Assert.ThrowsAsync<Refusal>(() => hub.Get<RecordService>().CreateAsync(
            hub.Actor, RecordTypes.Invoices, Json(new { number = "1", contactId = "con_00000000000000000000000000" }), CancellationToken.None));
        Assert.Equal((RefusalKind.Unprocessable, "contactId"), (refusal.Kind, refusal.Faults[0].Field));
    }

    [Fact]
    public async Task Export_guards_spreadsheets_and_keeps_every_row()
    {
        await using var hub = await TestHub.CreateAsync();
        var service = hub.Get<RecordService>();
        for (var lot = 0; lot < 2; lot++)
        {
            await service.UpsertAsync(hub.Actor, RecordTypes.Contacts, [.. Enumerable.Range(0, 400).Select(i => Json(new { name = $"=HYPERLINK({lot},{i})", customFields = new { tier = "gold" } }))], CancellationToken.None);
        }

        using MemoryStream file = new();
        Assert.Equal(800, await hub.Get<RecordFiles>().WriteAsync(hub.Actor, RecordTypes.Contacts, new RecordFilter(), file, CancellationToken.None));
        var lines = Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(801, lines.Length);
        Assert.StartsWith("id,entityType,contactType,name,", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.DoesNotContain(",=HYPERLINK", line.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Contains("gold", lines[1], StringComparison.Ordinal);
    }

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value);
}

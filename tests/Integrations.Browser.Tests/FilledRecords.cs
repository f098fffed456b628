using System.Text.Json;
using Integrations.Core.Connections;
using Integrations.Core.Records;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Browser.Tests;

/// <summary>Syncs and records of the filled organization: runs that went well and ill, records of every type, some of them as long as they may be.</summary>
internal sealed class FilledRecords(BrowserHub hub, HubTenant tenant)
{
    public const int Customers = 90;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly string _long = new('r', 190);

    private T Get<T>()
        where T : notnull => hub.App.Services.GetRequiredService<T>();

    /// <summary>Fills the organization, whose Stripe is connected already.</summary>
    /// <returns>The ids of what pages show, by their place in paths.</returns>
    public async Task<IReadOnlyDictionary<string, string>> FillAsync()
    {
        var stripe = hub.Sandbox.Provider("stripe");
        stripe.Dirt = false;
        stripe.Rows("customers").Reset(Customers);
        stripe.Rows("products").Reset(12);
        stripe.Rows("invoices").Reset(40);
        stripe.Rows("payment_intents").Reset(20);
        stripe.Rows("subscriptions").Reset(10);
        for (var i = 0; i < 3; i++)
        {
            stripe.Rows("customers").Edit(i, ("email", $"no address {i}"));
        }

        var connection = (await Get<ConnectionQueries>().ListAsync(tenant.Owner, "stripe", null, CancellationToken.None))[0].Id;
        var failed = await RunAsync(connection, new SyncInput(SyncType.Full));
        stripe.Rows("customers").Delete(40);
        await RunAsync(connection, new SyncInput(SyncType.Full, ["contacts"]));
        var contact = await MakeAsync("contacts", new { name = _long, email = "long@example.com", company = _long, contactType = "lead", trafficChannel = "ads", phone = "+49 30 1234567", tags = (string[])["a tag", "another"], address = new { city = "Berlin" }, customFields = new { tier = "gold" } });
        var invoice = await MakeAsync("invoices", new
        {
            number = "2026-0001",
            contactId = contact,
            status = "open",
            currency = "EUR",
            amount = 1_190.50m,
            balance = 190.5m,
            date = "2026-01-05",
            dueDate = "2026-02-05",
            lines = (object[])[new { description = "Consulting " + _long, quantity = 2, unitPrice = 500m, amount = 1_000m }],
        });
        await MakeAsync("payments", new { amount = 1_000m, currency = "EUR", status = "completed", contactId = contact, invoiceId = invoice, paidAt = "2026-01-20T10:00:00Z" });
        await MakeAsync("insights", new { name = "Spring campaign", date = "2026-03-01", currency = "EUR", amount = 12.5m, campaign = "Spring campaign", spend = 12.5m, impressions = 4_200, clicks = 120 });
        await Get<RecordService>().UpdateAsync(tenant.Owner, RecordTypes.Contacts, IdOf(contact), JsonSerializer.SerializeToElement(new { phone = "+49 30 7654321" }), CancellationToken.None);
        var issue = (await Get<SyncQueries>().IssuesAsync(tenant.Owner, failed, SyncIssueKind.Error, new PageRequest(), CancellationToken.None)).Rows[0].Id;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["{sync}"] = PublicId.Format(PublicId.SyncRun, failed),
            ["{issue}"] = PublicId.Format(PublicId.SyncIssue, issue),
            ["{contact}"] = contact,
            ["{invoice}"] = invoice,
            ["{synced}"] = await SyncedAsync(),
        };
    }

    private static Guid IdOf(string record) => RecordIds.TryParse(record, out var id) ? id : throw new FormatException(record);

    private async Task<string> MakeAsync(string type, object body)
    {
        var known = RecordTypes.Find(type)!;
        return RecordIds.Format(known, await Get<RecordService>().CreateAsync(tenant.Owner, known, JsonSerializer.SerializeToElement(body), CancellationToken.None));
    }

    // The oldest one that came from a provider.
    private async Task<string> SyncedAsync()
    {
        await using var db = hub.App.OpenDatabase(tenant.Owner);
        return RecordIds.Format("contacts", await db.RecordLinks.Where(link => link.DataType == "contacts").OrderBy(link => link.RecordId).Select(link => link.RecordId).FirstAsync());
    }

    private async Task<Guid> RunAsync(Guid connection, SyncInput input)
    {
        using var waiter = new SignalWaiter(Get<HubSignals>(), new HubSignal(HubSignalKind.SyncsChanged, tenant.OrganizationId));
        using var patience = new CancellationTokenSource(_patience);
        var run = (await Get<SyncService>().StartAsync(tenant.Owner, connection, input, CancellationToken.None)).Id;
        while ((await Get<SyncQueries>().GetAsync(tenant.Owner, run, CancellationToken.None)).Run.Status < SyncStatus.Completed)
        {
            await waiter.WaitAsync(patience.Token);
        }

        return run;
    }
}

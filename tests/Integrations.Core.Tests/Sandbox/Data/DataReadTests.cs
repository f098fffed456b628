using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>What a sync reads: every row once, and of those that changed each and no other.</summary>
public sealed class DataReadTests : SandboxTest
{
    /// <summary>Providers whose deleted rows stay in lists, marked: their lists do not get shorter.</summary>
    private static readonly string[] _marked = ["slack/users", "xero/Invoices", "xero/Payments", "xero/BankTransactions", "autocount/invoice"];

    public static TheoryData<string, string> Types => new()
    {
        { "stripe", "customers" }, { "stripe", "products" }, { "stripe", "prices" }, { "stripe", "invoices" }, { "stripe", "payment_intents" }, { "stripe", "subscriptions" },
        { "hubspot", "contacts" },
        { "xero", "Contacts" }, { "xero", "Invoices" }, { "xero", "Payments" }, { "xero", "BankTransactions" }, { "xero", "Items" }, { "xero", "ExpenseClaims" },
        { "quickbooks", "Customer" }, { "quickbooks", "Vendor" }, { "quickbooks", "Item" }, { "quickbooks", "Invoice" }, { "quickbooks", "Payment" }, { "quickbooks", "Purchase" },
        { "salesforce", "Contact" }, { "salesforce", "Lead" }, { "salesforce", "Product2" },
        { "zoho", "Contacts" }, { "mailchimp", "members" }, { "sendgrid", "contacts" },
        { "slack", "users" }, { "slack", "messages" }, { "facebook", "leads" },
        { "sql-accounting", "customer" }, { "sql-accounting", "stockitem" }, { "sql-accounting", "salesinvoice" },
        { "autocount", "debtor" }, { "autocount", "product" }, { "autocount", "invoice" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Pages_have_every_row_once(string key, string type)
    {
        using var client = await DataClient.OpenAsync(Sandbox, Clock, key);
        var table = Sandbox.Provider(key).Rows(type);
        // More than Salesforce's and Zoho's first pages reach.
        table.Reset(key is "salesforce" or "zoho" or "sendgrid" ? 4321 : 321);
        var deleted = table.Delete(3);
        table.Touch(5);
        table.Create(2);

        var ids = await new DataReads(client, key, type).ReadAsync(null);

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        var isMarked = _marked.Contains($"{key}/{type}", StringComparer.Ordinal);
        Assert.Equal(table.Count + (isMarked ? 3 : 0), ids.Count);
        Assert.Equal(isMarked ? 3 : 0, ids.Intersect(deleted, StringComparer.Ordinal).Count());
        Sandbox.AssertNoViolations();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_filter_by_time_has_what_changed_and_nothing_else(string key, string type)
    {
        if ((key, type) is ("slack", "users") or ("autocount", "debtor" or "product"))
        {
            return;
        }

        using var client = await DataClient.OpenAsync(Sandbox, Clock, key);
        var table = Sandbox.Provider(key).Rows(type);
        table.Reset(2500);
        table.Touch(3);
        Clock.Advance(TimeSpan.FromMinutes(10));
        // Leads and messages do not change; they only come.
        var touched = key is "slack" or "facebook" ? [] : table.Touch(11);
        var expected = touched.Concat(table.Create(4));

        var ids = await new DataReads(client, key, type).ReadAsync(Clock.GetUtcNow().AddMinutes(-1));

        Assert.Equal(expected.Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        Sandbox.AssertNoViolations();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_row_that_was_touched_differs_and_the_same_row_is_always_the_same(string key, string type)
    {
        await using var other = await SandboxHost.StartAsync(new SandboxOptions { Time = Clock });
        var table = Sandbox.Provider(key).Rows(type);
        var before = table.Read(42).ToJsonString();

        Assert.Equal(before, other.Provider(key).Rows(type).Read(42).ToJsonString());
        table.Reset(100);
        table.Touch(100);
        Assert.NotEqual(before, table.Read(42).ToJsonString());
    }
}

using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Core.Tests.Records;

public sealed class RecordCheckTests
{
    [Theory]
    [InlineData("contacts", "email", "\"ada@example.com\"", "ada@example.com")]
    [InlineData("contacts", "tags", "[\"a\",\"b\",\"a\"]", "[\"a\",\"b\"]")]
    [InlineData("contacts", "customFields.tier", "3", "3")]
    [InlineData("contacts", "contactType", "\"Vendor\"", "vendor")]
    [InlineData("invoices", "dueDate", "\"2026-12-31T10:00:00Z\"", "2026-12-31")]
    [InlineData("invoices", "dueDate", "1798675200000", "2026-12-31")]
    [InlineData("invoices", "amount", "12.500", "12.5")]
    [InlineData("invoices", "currency", "\"usd\"", "USD")]
    [InlineData("invoices", "lines", "[{\"quantity\":2,\"description\":\"Tea\"}]", "[{\"description\":\"Tea\",\"quantity\":2}]")]
    [InlineData("payments", "paidAt", "\"2026-12-31T10:00:00+02:00\"", "2026-12-31T08:00:00Z")]
    [InlineData("products", "isActive", "\"yes\"", "true")]
    [InlineData("products", "unitPrice", "\"9.90\"", "9.9")]
    public void Values_come_into_their_one_form(string type, string name, string json, string kept)
    {
        RecordFields fields = new();
        Assert.Null(RecordCheck.Set(fields, RecordTypes.Find(type)!, name, JsonSerializer.Deserialize<JsonElement>(json)));
        Assert.Equal(kept, fields.Text(name));
    }

    [Theory]
    [InlineData("contacts", "email", "\"ada\"", "email must be an e-mail address.")]
    [InlineData("contacts", "emial", "\"a@b.c\"", "emial is no field of contacts.")]
    [InlineData("contacts", "status", "\"gone\"", "status must be one of subscribed, unsubscribed, pending.")]
    [InlineData("contacts", "name", "17", "name must be a text.")]
    [InlineData("contacts", "tags", "\"a\"", "tags must be a list of texts.")]
    [InlineData("invoices", "amount", "\"much\"", "amount must be a number")]
    [InlineData("invoices", "amount", "1e20", "amount is out of range.")]
    [InlineData("invoices", "currency", "\"dollar\"", "currency must be a currency of three letters")]
    [InlineData("invoices", "contactId", "\"17\"", "contactId must be the id of one of the contacts.")]
    [InlineData("invoices", "lines", "[{\"price\":1}]", "lines[0].price is no field of a line.")]
    [InlineData("invoices", "date", "\"soon\"", "date must be a date")]
    public void Faults_name_the_field_and_the_form(string type, string name, string json, string fault)
    {
        RecordFields fields = new();
        Assert.StartsWith(fault, RecordCheck.Set(fields, RecordTypes.Find(type)!, name, JsonSerializer.Deserialize<JsonElement>(json)), StringComparison.Ordinal);
        Assert.Equal(0, fields.Count);
    }

    [Fact]
    public void Money_needs_its_currency()
    {
        RecordFields fields = new();
        Assert.Null(RecordCheck.Set(fields, RecordTypes.Invoices, "amount", "10"));
        Faults faults = new();
        RecordCheck.CheckWhole(RecordTypes.Invoices, fields, faults);
        Assert.Equal("currency", Assert.Throws<Refusal>(faults.ThrowIfAny).Faults[0].Field);
    }

    [Fact]
    public void Equal_records_have_equal_prints_whatever_the_order()
    {
        RecordFields one = new() { ["name"] = "A", ["amount"] = 1.50m };
        RecordFields other = new() { ["amount"] = 1.5m, ["name"] = "A" };
        Assert.Equal(one.Print(), other.Print());
        Assert.Equal(one.Print(), RecordFields.Parse(one.ToJson()).Print());
        other["name"] = "B";
        Assert.NotEqual(one.Print(), other.Print());
    }
}

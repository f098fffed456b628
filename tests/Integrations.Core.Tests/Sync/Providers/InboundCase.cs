using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>A data type as the sandbox has it, and what its mapping has to make of it.</summary>
/// <param name="Table">The sandbox's name of its rows.</param>
/// <param name="Values">The hub's fields and the provider's.</param>
internal sealed record InboundCase(string Key, string DataType, string Table, params (string Field, string Path)[] Values)
{
    /// <summary>Which of several tables of the type, such as the members of several audiences.</summary>
    public IReadOnlyList<int> Tables { get; init; } = [0];

    /// <summary>Which rows are taken; all when null.</summary>
    public (string Path, string Value)? Only { get; init; }

    /// <summary>Whether the provider tells what changed since a time.</summary>
    public bool TellsChanges { get; init; } = true;

    /// <summary>Whether a changed row is told as one: some only tell new ones.</summary>
    public bool TellsEdits { get; init; } = true;

    /// <summary>What becomes of a record whose row is deleted: a field and its value, or nothing when the record goes.</summary>
    public (string Field, string Value)? Deleted { get; init; }

    /// <summary>Whether rows that are not there any more stay in the hub.</summary>
    public bool Stays { get; init; }

    /// <summary>Whether a deletion is told together with the changes.</summary>
    public bool TellsDeletes { get; init; }

    /// <summary>What stands before a row's id in the hub, by its table: messages are known within their channel only.</summary>
    public Func<ProviderControl, int, string> Prefix { get; init; } = (_, _) => "";

    public static IReadOnlyList<InboundCase> All { get; } =
    [
        new("quickbooks", "contacts", "Customer", ("name", "DisplayName"), ("firstName", "GivenName"), ("lastName", "FamilyName"), ("company", "CompanyName"), ("email", "PrimaryEmailAddr.Address"),
            ("phone", "PrimaryPhone.FreeFormNumber"), ("address.line1", "BillAddr.Line1"), ("address.city", "BillAddr.City"), ("address.state", "BillAddr.CountrySubDivisionCode"),
            ("address.postalCode", "BillAddr.PostalCode"), ("address.country", "BillAddr.Country")) { TellsDeletes = true },
        new("quickbooks", "vendors", "Vendor", ("name", "DisplayName"), ("email", "PrimaryEmailAddr.Address")) { TellsDeletes = true },
        new("quickbooks", "invoices", "Invoice", ("number", "DocNumber"), ("amount", "TotalAmt"), ("balance", "Balance"), ("date", "TxnDate"), ("dueDate", "DueDate"), ("currency", "CurrencyRef.value")) { TellsDeletes = true },
        new("quickbooks", "payments", "Payment", ("amount", "TotalAmt"), ("currency", "CurrencyRef.value")) { TellsDeletes = true },
        new("quickbooks", "expenses", "Purchase", ("amount", "TotalAmt"), ("name", "EntityRef.name"), ("paymentType", "PaymentType"), ("date", "TxnDate"), ("description", "Line.0.Description")) { TellsDeletes = true },
        new("xero", "contacts", "Contacts", ("name", "Name"), ("firstName", "FirstName"), ("lastName", "LastName"), ("email", "EmailAddress"), ("phone", "Phones.0.PhoneNumber"),
            ("address.line1", "Addresses.0.AddressLine1"), ("address.state", "Addresses.0.Region")) { TellsDeletes = true },
        new("xero", "invoices", "Invoices", ("number", "InvoiceNumber"), ("amount", "Total"), ("balance", "AmountDue"), ("currency", "CurrencyCode")) { Only = ("Type", "ACCREC"), Deleted = ("status", "void") },
        new("xero", "payments", "Payments", ("amount", "Amount"), ("description", "Reference")) { TellsDeletes = true },
        new("xero", "expenses", "ExpenseClaims", ("amount", "Total"), ("balance", "AmountDue"), ("status", "Status"), ("lastName", "User.LastName")),
        new("xero", "bank_transactions", "BankTransactions", ("amount", "Total"), ("name", "Contact.Name"), ("type", "Type"), ("reference", "Reference"), ("bankAccount", "BankAccount.Name")) { TellsDeletes = true },
        new("salesforce", "contacts", "Contact", ("firstName", "FirstName"), ("lastName", "LastName"), ("email", "Email"), ("phone", "Phone"), ("company", "Account.Name"), ("jobTitle", "Title"),
            ("address.line1", "MailingStreet"), ("address.city", "MailingCity"), ("address.country", "MailingCountry")) { TellsDeletes = true },
        new("zoho", "contacts", "Contacts", ("firstName", "First_Name"), ("lastName", "Last_Name"), ("email", "Email"), ("phone", "Phone"), ("company", "Account_Name.name"), ("jobTitle", "Title"),
            ("address.line1", "Mailing_Street"), ("address.postalCode", "Mailing_Zip")) { TellsDeletes = true },
        new("mailchimp", "contacts", "members", ("email", "email_address"), ("firstName", "merge_fields.FNAME"), ("lastName", "merge_fields.LNAME"), ("phone", "merge_fields.PHONE"),
            ("address.line1", "merge_fields.ADDRESS.addr1"), ("address.city", "merge_fields.ADDRESS.city")) { TellsDeletes = true },
        new("sendgrid", "contacts", "contacts", ("email", "email"), ("firstName", "first_name"), ("lastName", "last_name"), ("phone", "phone_number"), ("address.state", "state_province_region"))
        {
            TellsChanges = false,
        },
        new("slack", "channels", "channels", ("name", "name"), ("topic", "topic.value")) { TellsChanges = false, Deleted = ("status", "archived") },
        new("slack", "users", "users", ("name", "real_name"), ("email", "profile.email"), ("phone", "profile.phone"), ("title", "profile.title"), ("timeZone", "tz")) { TellsChanges = false },
        new("slack", "messages", "messages", ("text", "text"), ("user", "user"))
        {
            // Those of the channels that the app is in: general, sales and finance.
            Tables = [0, 1, 5],
            TellsEdits = false,
            Prefix = (provider, part) => provider.Rows("channels").IdOf(part) + ":",
        },
        new("facebook", "contacts", "leads", ("name", "field_data.0.values.0"), ("email", "field_data.1.values.0"), ("phone", "field_data.2.values.0"), ("company", "field_data.3.values.0"), ("address.city", "field_data.4.values.0"))
        {
            Tables = [0, 1, 2],
            TellsEdits = false,
            Stays = true,
        },
        new("instagram", "insights", "media", ("caption", "caption"), ("type", "media_type"), ("url", "permalink"), ("likes", "like_count")) { TellsChanges = false, TellsEdits = false, Stays = true },
        new("sql-accounting", "contacts", "customer", ("name", "companyname"), ("company", "companyname2"), ("email", "sdsbranch.0.email"), ("phone", "sdsbranch.0.phone1"), ("address.line1", "sdsbranch.0.address1"),
            ("address.city", "sdsbranch.0.city")),
        new("sql-accounting", "products", "stockitem", ("sku", "code"), ("name", "description"), ("unitPrice", "refprice"), ("isActive", "isactive")),
        new("sql-accounting", "invoices", "salesinvoice", ("number", "docno"), ("amount", "docamt"), ("date", "docdate")),
        new("autocount", "contacts", "debtor", ("name", "companyName"), ("email", "emailAddress"), ("phone", "phone1"), ("address.postalCode", "postCode")) { TellsChanges = false },
        new("autocount", "products", "product", ("sku", "productCode"), ("name", "productName"), ("unitPrice", "price"), ("description", "note")) { TellsChanges = false, Deleted = ("isActive", "false") },
        new("autocount", "invoices", "invoice", ("number", "master.docNo"), ("amount", "master.netTotal"), ("date", "master.docDate"), ("currency", "master.currencyCode")) { Deleted = ("status", "void") },
    ];

    public static IReadOnlyList<InboundCase> Of(string key) => [.. All.Where(row => row.Key == key)];

    public override string ToString() => $"{Key} {DataType}";

    /// <summary>Whether the hub takes a row.</summary>
    public bool Takes(JsonObject row) => Only is not { } only || Text(row, only.Path) == only.Value;

    /// <summary>A value of a row: names and places with dots between them.</summary>
    public static string? Text(JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node is JsonArray list ? list.ElementAtOrDefault(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)) : node?[name];
        }

        return node?.ToString();
    }
}

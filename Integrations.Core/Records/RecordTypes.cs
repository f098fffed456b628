using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Integrations.Core.Records;

/// <summary>The record types that every organization has, and the generic ones of providers' other data types.</summary>
public static partial class RecordTypes
{
    /// <summary>The object that holds a record's free fields.</summary>
    public const string CustomFields = "customFields";

    /// <summary>What the names of free fields begin with.</summary>
    public const string CustomPrefix = CustomFields + ".";

    private const int MaxGeneric = 1_000;
    private static readonly ConcurrentDictionary<string, RecordType> _generic = new(StringComparer.Ordinal);

    public static RecordType Contacts { get; } = new("contacts", "contact", "Contacts", "con",
    [
        new("entityType", RecordFieldKind.Word, "Kind") { Words = ["person", "company"] },
        new("contactType", RecordFieldKind.Word, "Type") { Words = ["customer", "vendor", "lead", "subscriber"] },
        new("name", RecordFieldKind.Text, "Name"),
        new("companyName", RecordFieldKind.Text, "Company name"),
        new("firstName", RecordFieldKind.Text, "First name"),
        new("lastName", RecordFieldKind.Text, "Last name"),
        new("email", RecordFieldKind.Email, "E-mail"),
        new("phone", RecordFieldKind.Text, "Phone"),
        new("jobTitle", RecordFieldKind.Text, "Job title"),
        new("company", RecordFieldKind.Text, "Company"),
        new("status", RecordFieldKind.Word, "Subscription") { Words = ["subscribed", "unsubscribed", "pending"] },
        new("tags", RecordFieldKind.Tags, "Tags"),
        new("address.line1", RecordFieldKind.Text, "Address"),
        new("address.line2", RecordFieldKind.Text, "Address, second line"),
        new("address.city", RecordFieldKind.Text, "City"),
        new("address.state", RecordFieldKind.Text, "State or region"),
        new("address.postalCode", RecordFieldKind.Text, "Postal code"),
        new("address.country", RecordFieldKind.Text, "Country"),
        new("trafficChannel", RecordFieldKind.Text, "Traffic channel"),
    ])
    {
        MatchField = "email",
        SearchFields = ["email", "companyName", "company", "phone"],
        KindField = "contactType",
    };

    public static RecordType Products { get; } = new("products", "product", "Products", "prd",
    [
        new("sku", RecordFieldKind.Text, "SKU"),
        new("name", RecordFieldKind.Text, "Name"),
        new("description", RecordFieldKind.LongText, "Description"),
        new("unitPrice", RecordFieldKind.Money, "Unit price"),
        new("currency", RecordFieldKind.Currency, "Currency"),
        new("isActive", RecordFieldKind.Flag, "Active"),
    ])
    {
        MatchField = "sku",
        SearchFields = ["sku"],
        RaisesEvents = false,
    };

    public static RecordType Invoices { get; } = new("invoices", "invoice", "Invoices", "inv",
    [
        new("number", RecordFieldKind.Text, "Number"),
        new("contactId", RecordFieldKind.Reference, "Contact") { References = "contacts" },
        new("status", RecordFieldKind.Word, "Status") { Words = ["draft", "open", "paid", "void", "uncollectible"] },
        new("currency", RecordFieldKind.Currency, "Currency"),
        new("amount", RecordFieldKind.Money, "Amount"),
        new("balance", RecordFieldKind.Money, "Balance"),
        new("date", RecordFieldKind.Date, "Date"),
        new("dueDate", RecordFieldKind.Date, "Due date"),
        new("lines", RecordFieldKind.Lines, "Lines")
        {
            Items =
            [
                new("description", RecordFieldKind.LongText, "Description"),
                new("quantity", RecordFieldKind.Number, "Quantity"),
                new("unitPrice", RecordFieldKind.Money, "Unit price"),
                new("amount", RecordFieldKind.Money, "Amount"),
                new("productId", RecordFieldKind.Reference, "Product") { References = "products" },
            ],
        },
    ])
    {
        MatchField = "number",
        SearchFields = ["number"],
    };

    public static RecordType Payments { get; } = new("payments", "payment", "Payments", "pay",
    [
        new("amount", RecordFieldKind.Money, "Amount"),
        new("currency", RecordFieldKind.Currency, "Currency"),
        new("status", RecordFieldKind.Word, "Status") { Words = ["pending", "completed", "failed", "refunded"] },
        new("invoiceId", RecordFieldKind.Reference, "Invoice") { References = "invoices" },
        new("contactId", RecordFieldKind.Reference, "Contact") { References = "contacts" },
        new("paidAt", RecordFieldKind.Time, "Paid at"),
        new("description", RecordFieldKind.LongText, "Description"),
    ])
    {
        SearchFields = ["description"],
    };

    /// <summary>The types with shapes of their own, in the order in which syncs go through them: what others refer to comes first.</summary>
    public static IReadOnlyList<RecordType> All { get; } = [Contacts, Products, Invoices, Payments];

    /// <summary>The type of a name: one of <see cref="All"/>, or a generic one. Null when it cannot be one's name.</summary>
    public static RecordType? Find(string name) => All.FirstOrDefault(type => type.Name == name)
        ?? (_generic.TryGetValue(name, out var known) ? known : GenericName().IsMatch(name) ? Add(name) : null);

    private static RecordType Add(string name)
    {
        var type = new RecordType(name, name.TrimEnd('s'), char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' '), "rec",
        [
            new("name", RecordFieldKind.Text, "Name"),
            new("status", RecordFieldKind.Text, "Status"),
            new("amount", RecordFieldKind.Money, "Amount"),
            new("balance", RecordFieldKind.Money, "Balance"),
            new("currency", RecordFieldKind.Currency, "Currency"),
            new("date", RecordFieldKind.Date, "Date"),
            new("contactId", RecordFieldKind.Reference, "Contact") { References = "contacts" },
        ])
        {
            IsGeneric = true,
            RaisesEvents = false,
        };
        if (_generic.Count < MaxGeneric)
        {
            _generic[name] = type;
        }

        return type;
    }

    [GeneratedRegex("^[a-z][a-z_]{1,38}[a-z]$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex GenericName();
}

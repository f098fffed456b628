using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>Xero's objects as the hub syncs them.</summary>
internal static class XeroData
{
    public const string AccountSetting = "salesAccount";

    private const string Root = "/api.xro/2.0/";
    private const int ReadLot = 1_000;
    private const int SmallestLot = 100;
    private const int WriteLot = 50;

    // Whether If-Modified-Since means at or after is not written down.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> _statusIn = new(StringComparer.Ordinal)
    {
        ["DRAFT"] = "draft",
        ["SUBMITTED"] = "draft",
        ["AUTHORISED"] = "open",
        ["PAID"] = "paid",
        ["VOIDED"] = "void",
    };

    // Note: only payments make an invoice paid.
    private static readonly Dictionary<string, string> _statusOut = new(StringComparer.Ordinal) { ["DRAFT"] = "draft", ["AUTHORISED"] = "open", ["VOIDED"] = "void" };

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Contacts", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.EmptyText,
            Mapping =
            [
                new("Name", "name"),
                new("FirstName", "firstName"),
                new("LastName", "lastName"),
                new("EmailAddress", "email", FieldTransform.Trim),
                new("Phones[PhoneType=DEFAULT].PhoneNumber", "phone"),
                .. Address("STREET"),
                .. Address("POBOX").Select(field => field.OnlyIn()),
                Kind("IsCustomer", "customer"),
                Kind("IsSupplier", "vendor"),
                FieldMapping.Always("contactType", "customer"),
            ],
            WriteLot = WriteLot,
            // Xero knows contacts by their name.
            CreatesOnce = true,
            Kinds = ["customer", "vendor"],
        },
        new("invoices", "Invoices", SyncDirections.Both)
        {
            Mapping =
            [
                FieldMapping.AlwaysOut("Type", "ACCREC"),
                new("InvoiceNumber", "number"),
                new("Contact.ContactID", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("Status", "status") { Directions = SyncDirections.In, Values = _statusIn },
                new("Status", "status") { Directions = SyncDirections.Out, Values = _statusOut },
                new("CurrencyCode", "currency", FieldTransform.Uppercase),
                new FieldMapping("Total", "amount").OnlyIn(),
                new FieldMapping("AmountDue", "balance").OnlyIn(),
                new("Date", "date", FieldTransform.Date),
                new("DueDate", "dueDate", FieldTransform.Date),
                new("LineItems", "lines", FieldTransform.Lines)
                {
                    Items =
                    [
                        new("Description", "description"),
                        new("Quantity", "quantity"),
                        new("UnitAmount", "unitPrice"),
                        new FieldMapping("LineAmount", "amount").OnlyIn(),
                    ],
                },
            ],
            WriteLot = WriteLot,
            Needs = ["contactId", "lines"],
            Statuses = ["draft", "open", "paid", "void"],
        },
        new("payments", "Payments", SyncDirections.In)
        {
            Mapping =
            [
                new("Amount", "amount"),
                new("Invoice.CurrencyCode", "currency"),
                new("Invoice.InvoiceID", "invoiceId", FieldTransform.Reference) { Reference = "invoices" },
                new("Invoice.Contact.ContactID", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("Date", "paidAt", FieldTransform.Time),
                new("Reference", "description"),
                FieldMapping.Always("status", "completed"),
            ],
        },
        new("expenses", "Expenses", SyncDirections.In)
        {
            Mapping =
            [
                new("User.FirstName", "firstName"),
                new("User.LastName", "lastName"),
                new("Status", "status"),
                new("Total", "amount"),
                new("AmountDue", "balance"),
            ],
        },
        new("bank_transactions", "Bank transactions", SyncDirections.In)
        {
            Mapping =
            [
                new("Contact.Name", "name"),
                new("Type", "type"),
                new("Status", "status"),
                new("CurrencyCode", "currency", FieldTransform.Uppercase),
                new("Total", "amount"),
                new("Date", "date", FieldTransform.Date),
                new("Contact.ContactID", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("Reference", "reference"),
                new("BankAccount.Name", "bankAccount"),
                new("IsReconciled", "isReconciled"),
                new("LineItems[0].Description", "description"),
            ],
        },
    ];

    public static async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var (type, isPaged) = (TypeOf(request.DataType), request.DataType != "expenses");
        var place = ChangesCursor.Of(request, 1);
        List<string> query = isPaged ? [$"page={place.Place}", $"pageSize={ReadLot}", "order=UpdatedDateUTC"] : [];
        if (FilterOf(request.DataType) is { } filter)
        {
            query.Add($"where={Uri.EscapeDataString(filter)}");
        }

        if (request is { DataType: "contacts", Since: not null })
        {
            // So that the archived ones are told.
            query.Add("includeArchived=true");
        }

        var page = (await session.SendAsync(
            ProviderRequest.Get($"{Root}{type}{(query.Count > 0 ? $"?{string.Join('&', query)}" : "")}") with
            {
                Headers = place.IsFromStart ? [] : [("If-Modified-Since", (place.Since - _margin).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture))],
            },
            cancellationToken)).Json;
        List<RemoteRow> rows = [.. page.ItemsAt(type).Select(row => RowOf(request.DataType, row))];
        var isLast = !isPaged || rows.Count == 0
            || (int.TryParse(page.TextAt("pagination", "pageCount"), CultureInfo.InvariantCulture, out var pages) ? place.Place >= pages : rows.Count < SmallestLot);
        return new RemotePage(rows, isLast ? null : place.After(rows[^1].UpdatedAt, 1, 1, _margin));
    }

    public static async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken)
    {
        var type = TypeOf(request.DataType);
        var known = request.DataType == "invoices" ? await LinesAsync(session, [.. request.Rows.Select(row => row.ExternalId).OfType<string>()], cancellationToken) : [];
        List<JsonObject> bodies = [.. request.Rows.Select(row => BodyOf(session, request.DataType, row, known))];
        var answer = (await session.SendAsync(
            ProviderRequest.PostJson($"{Root}{type}?summarizeErrors=false", new Dictionary<string, object>(StringComparer.Ordinal) { [type] = bodies }) with
            {
                Headers = [("Idempotency-Key", Guid.NewGuid().ToString("N"))],
                CanRepeat = true,
            },
            cancellationToken)).Json;
        var written = answer.ItemsAt(type).ToList();
        return [.. request.Rows.Select((_, index) => index >= written.Count ? new WriteResult(null, "Xero did not say what became of it.") : ResultOf(request.DataType, written[index]))];
    }

    public static async Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        var type = TypeOf(dataType);
        return row.Content["InvoiceNumber"]?.GetValue<string>() is not { } number ? null : (await session.GetAsync(
            $"{Root}{type}?where={Uri.EscapeDataString($"InvoiceNumber==\"{number.Replace("\"", "\\\"", StringComparison.Ordinal)}\"")}", cancellationToken)).Json
            .ItemsAt(type).Select(found => found.TextAt("InvoiceID")).FirstOrDefault();
    }

    private static WriteResult ResultOf(string dataType, JsonElement written)
    {
        var isRefused = written.TextAt("HasErrors") == "true" || written.TextAt("StatusAttributeString") == "ERROR";
        var row = RowOf(dataType, written);
        return isRefused
            ? new WriteResult(null, string.Join(" ", written.ItemsAt("ValidationErrors").Select(error => error.TextAt("Message"))) is { Length: > 0 } said ? said : "Xero refused it and did not say why.")
            : new WriteResult(row.Id) { Content = row.Content, UpdatedAt = row.UpdatedAt };
    }

    // Lines without their id would be made anew, and lose their accounts and taxes.
    private static async Task<Dictionary<string, JsonElement>> LinesAsync(ProviderSession session, List<string> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? [] : (await session.GetAsync($"{Root}Invoices?IDs={string.Join(',', ids)}&pageSize={SmallestLot}", cancellationToken)).Json.ItemsAt("Invoices")
            .ToDictionary(invoice => invoice.TextAt("InvoiceID") ?? "", StringComparer.Ordinal);

    private static JsonObject BodyOf(ProviderSession session, string dataType, OutgoingRow row, Dictionary<string, JsonElement> known)
    {
        var body = (JsonObject)row.Content.DeepClone();
        if (row.ExternalId is { } id)
        {
            body[dataType == "contacts" ? "ContactID" : "InvoiceID"] = id;
        }

        if (dataType == "contacts")
        {
            // The hub has a number in one piece.
            foreach (var phone in (body["Phones"] as JsonArray ?? []).OfType<JsonObject>())
            {
                (phone["PhoneAreaCode"], phone["PhoneCountryCode"]) = ("", "");
            }
        }
        else if (body["LineItems"] is JsonArray lines)
        {
            var kept = row.ExternalId is { } invoice && known.TryGetValue(invoice, out var present) ? KeptLines.Over(lines, present.ItemsAt("LineItems"), "Description", "LineAmount", "TaxAmount") : (JsonArray)lines.DeepClone();
            foreach (var line in kept.OfType<JsonObject>())
            {
                line["AccountCode"] ??= session.Setting(AccountSetting);
            }

            body["LineItems"] = kept;
        }

        return body;
    }

    private static RemoteRow RowOf(string dataType, JsonElement row)
    {
        var isGone = row.TextAt("ContactStatus") == "ARCHIVED" || row.TextAt("Status") == "DELETED";
        var updated = row.TextAt("UpdatedDateUTC") is { } text ? ValueForms.ReadTime(text) : null;
        return new RemoteRow(row.TextAt($"{TypeOf(dataType)[..^1]}ID") ?? "", dataType == "contacts" ? WithWholePhones(row) : row, updated) { IsDeleted = isGone };
    }

    private static JsonElement WithWholePhones(JsonElement row)
    {
        if (!row.ItemsAt("Phones").Any(phone => phone.TextAt("PhoneAreaCode") is { Length: > 0 } || phone.TextAt("PhoneCountryCode") is { Length: > 0 }))
        {
            return row;
        }

        var contact = JsonObject.Create(row)!;
        contact["Phones"] = new JsonArray([.. row.ItemsAt("Phones").Select(phone => new JsonObject
        {
            ["PhoneType"] = phone.TextAt("PhoneType"),
            ["PhoneNumber"] = string.Join(' ', new[] { phone.TextAt("PhoneCountryCode"), phone.TextAt("PhoneAreaCode"), phone.TextAt("PhoneNumber") }.Where(part => !string.IsNullOrEmpty(part))),
        })]);
        return JsonSerializer.SerializeToElement(contact);
    }

    private static IEnumerable<FieldMapping> Address(string type) =>
    [
        new($"Addresses[AddressType={type}].AddressLine1", "address.line1"),
        new($"Addresses[AddressType={type}].AddressLine2", "address.line2"),
        new($"Addresses[AddressType={type}].City", "address.city"),
        new($"Addresses[AddressType={type}].Region", "address.state"),
        new($"Addresses[AddressType={type}].PostalCode", "address.postalCode"),
        new($"Addresses[AddressType={type}].Country", "address.country"),
    ];

    private static FieldMapping Kind(string source, string word) => new(source, "contactType")
    {
        Directions = SyncDirections.In,
        Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["true"] = word, ["false"] = "" },
    };

    private static string? FilterOf(string dataType) => dataType switch
    {
        // The others are bills of suppliers, and what was paid for them.
        "invoices" => "Type==\"ACCREC\"",
        "payments" => "PaymentType==\"ACCRECPAYMENT\"",
        _ => null,
    };

    private static string TypeOf(string dataType) => dataType switch
    {
        "contacts" => "Contacts",
        "invoices" => "Invoices",
        "payments" => "Payments",
        "expenses" => "ExpenseClaims",
        _ => "BankTransactions",
    };
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>QuickBooks' objects as the hub syncs them.</summary>
internal static class QuickBooksData
{
    private const int ReadLot = 1_000;
    private const int WriteLot = 30;
    private const string SalesLine = "SalesItemLineDetail";

    // Change data capture looks 30 days back; the margin is for clocks that differ.
    private static readonly TimeSpan _captured = TimeSpan.FromDays(29);

    private static readonly IReadOnlyList<FieldMapping> _name =
    [
        new("DisplayName", "name"),
        new("GivenName", "firstName"),
        new("FamilyName", "lastName"),
        new("CompanyName", "company"),
        new("PrimaryEmailAddr.Address", "email", FieldTransform.Trim),
        new("PrimaryPhone.FreeFormNumber", "phone"),
        new("BillAddr.Line1", "address.line1"),
        new("BillAddr.City", "address.city"),
        new("BillAddr.CountrySubDivisionCode", "address.state"),
        new("BillAddr.PostalCode", "address.postalCode"),
        new("BillAddr.Country", "address.country"),
    ];

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Customers", SyncDirections.Both) { Mapping = [.. _name, FieldMapping.Always("contactType", "customer")], EmptiedAs = EmptiedAs.EmptyText, WriteLot = WriteLot, Kinds = ["customer"] },
        new("vendors", "Vendors", SyncDirections.In) { RecordType = "contacts", Mapping = [.. _name, FieldMapping.Always("contactType", "vendor")] },
        new("invoices", "Invoices", SyncDirections.Both)
        {
            Mapping =
            [
                new("DocNumber", "number"),
                new("CustomerRef.value", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("CurrencyRef.value", "currency"),
                new FieldMapping("TotalAmt", "amount").OnlyIn(),
                new FieldMapping("Balance", "balance").OnlyIn(),
                // Note: there is no status. What has no balance left is paid, and what was voided has none either.
                new("Balance", "status")
                {
                    Directions = SyncDirections.In,
                    Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["0"] = "paid", ["0.0"] = "paid", ["0.00"] = "paid" },
                    OtherValue = "open",
                },
                new("TxnDate", "date", FieldTransform.Date),
                new("DueDate", "dueDate", FieldTransform.Date),
                new("Line", "lines", FieldTransform.Lines)
                {
                    Items =
                    [
                        FieldMapping.AlwaysOut("DetailType", SalesLine),
                        new("Description", "description"),
                        new("SalesItemLineDetail.Qty", "quantity"),
                        new("SalesItemLineDetail.UnitPrice", "unitPrice"),
                        new("Amount", "amount"),
                    ],
                },
            ],
            WriteLot = WriteLot,
            Needs = ["contactId", "lines"],
            // Note: there are no drafts.
            Statuses = ["open", "paid"],
        },
        new("payments", "Payments", SyncDirections.Both)
        {
            Mapping =
            [
                new("CurrencyRef.value", "currency"),
                new("TotalAmt", "amount"),
                new("CustomerRef.value", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("Line[0].LinkedTxn[TxnType=Invoice].TxnId", "invoiceId", FieldTransform.Reference) { Reference = "invoices" },
                new FieldMapping("Line[0].Amount", "amount").OnlyOut(),
                new("TxnDate", "paidAt", FieldTransform.Time),
                new("PrivateNote", "description"),
                FieldMapping.Always("status", "completed"),
            ],
            WriteLot = WriteLot,
            Needs = ["contactId", "amount"],
            Statuses = ["completed"],
        },
        new("expenses", "Expenses", SyncDirections.In)
        {
            Mapping =
            [
                new("EntityRef.name", "name"),
                new("CurrencyRef.value", "currency"),
                new("TotalAmt", "amount"),
                new("TxnDate", "date", FieldTransform.Date),
                new("EntityRef.value", "contactId", FieldTransform.Reference) { Reference = "vendors" },
                new("PaymentType", "paymentType"),
                new("AccountRef.name", "account"),
                new("Line[0].Description", "description"),
            ],
        },
    ];

    public static async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var entity = EntityOf(request.DataType);
        if (request is { Cursor: null, Since: { } since } && session.Time.GetUtcNow() - since < _captured)
        {
            var changes = (await session.GetAsync($"/cdc?entities={entity}&changedSince={Uri.EscapeDataString(TimeOf(since))}", cancellationToken)).Json;
            var captured = changes.ItemsAt("CDCResponse").SelectMany(answer => answer.ItemsAt("QueryResponse")).SelectMany(answer => answer.ItemsAt(entity)).Select(row => RowOf(request.DataType, row)).ToList();
            // Note: there are no further pages; what does not fit is read by the time of change.
            return new RemotePage(captured, captured.Count < ReadLot ? null : $"{since.ToUnixTimeSeconds()}:1");
        }

        var place = ChangesCursor.Of(request, 1);
        var page = (await QueryAsync(
            session,
            $"SELECT * FROM {entity} WHERE MetaData.LastUpdatedTime >= '{TimeOf(place.Since)}' ORDERBY MetaData.LastUpdatedTime STARTPOSITION {place.Place} MAXRESULTS {ReadLot}",
            cancellationToken)).ItemsAt(entity).Select(row => RowOf(request.DataType, row)).ToList();
        return new RemotePage(page, page.Count < ReadLot ? null : place.After(page[^1].UpdatedAt, 1, ReadLot));
    }

    public static async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken)
    {
        var entity = EntityOf(request.DataType);
        var known = await KnownAsync(session, entity, [.. request.Rows.Select(row => row.ExternalId).OfType<string>()], cancellationToken);
        var results = new WriteResult[request.Rows.Count];
        List<object> items = [];
        foreach (var (index, row) in request.Rows.Index())
        {
            var body = BodyOf(request.DataType, row);
            if (row.ExternalId is { } id && !Complete(body, id, known.GetValueOrDefault(id)))
            {
                results[index] = new WriteResult(null, "It is not in QuickBooks any more, or inactive there.");
                continue;
            }

            items.Add(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["bId"] = index.ToString(CultureInfo.InvariantCulture),
                ["operation"] = row.ExternalId is null ? "create" : "update",
                [entity] = body,
            });
        }

        if (items.Count == 0)
        {
            return results;
        }

        // By this QuickBooks knows the request when it is sent again.
        var answer = (await session.SendAsync(
            ProviderRequest.PostJson($"/batch?requestid={Guid.NewGuid():N}", new Dictionary<string, object>(StringComparer.Ordinal) { ["BatchItemRequest"] = items }) with { CanRepeat = true }, cancellationToken)).Json;
        foreach (var item in answer.ItemsAt("BatchItemResponse"))
        {
            if (int.TryParse(item.TextAt("bId"), CultureInfo.InvariantCulture, out var index) && index >= 0 && index < results.Length)
            {
                results[index] = item.At(entity) is { } written
                    ? new WriteResult(written.TextAt("Id")) { Content = RowOf(request.DataType, written).Content, UpdatedAt = UpdatedOf(written) }
                    : new WriteResult(null, MessageOf(item) ?? "QuickBooks refused it and did not say why.");
            }
        }

        return [.. results.Select(result => result ?? new WriteResult(null, "QuickBooks did not say what became of it."))];
    }

    public static async Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        var (entity, body) = (EntityOf(dataType), BodyOf(dataType, row));
        if (dataType == "payments")
        {
            // They have no number: it is the one of the customer's day with the same amount.
            return Text(body["TxnDate"]) is not { } day ? null : (await QueryAsync(session, $"SELECT * FROM {entity} WHERE TxnDate = '{day}' MAXRESULTS {ReadLot}", cancellationToken)).ItemsAt(entity)
                .Where(payment => payment.TextAt("CustomerRef", "value") == Text(body["CustomerRef"]?["value"]) && payment.TextAt("TotalAmt") is { } amount
                    && decimal.TryParse(amount, CultureInfo.InvariantCulture, out var total) && total == body["TotalAmt"]?.GetValue<decimal>())
                .Select(payment => payment.TextAt("Id")).FirstOrDefault();
        }

        var (field, value) = dataType == "invoices" ? ("DocNumber", Text(body["DocNumber"])) : ("DisplayName", Text(body["DisplayName"]));
        return value is null ? null : (await QueryAsync(session, $"SELECT Id FROM {entity} WHERE {field} = '{Escape(value)}'", cancellationToken)).ItemsAt(entity)
            .Select(found => found.TextAt("Id")).FirstOrDefault();
    }

    private static async Task<JsonElement> QueryAsync(ProviderSession session, string query, CancellationToken cancellationToken) =>
        (await session.GetAsync($"/query?query={Uri.EscapeDataString(query)}", cancellationToken)).Json.At("QueryResponse") ?? default;

    // A change has to carry the newest token, and its lines keep what the hub does not know.
    private static async Task<Dictionary<string, JsonElement>> KnownAsync(ProviderSession session, string entity, List<string> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? [] : (await QueryAsync(session, $"SELECT * FROM {entity} WHERE Id IN ({string.Join(", ", ids.Select(id => $"'{Escape(id)}'"))}) MAXRESULTS {ReadLot}", cancellationToken)).ItemsAt(entity)
            .ToDictionary(found => found.TextAt("Id") ?? "", StringComparer.Ordinal);

    private static bool Complete(JsonObject body, string id, JsonElement known)
    {
        if (known.TextAt("SyncToken") is not { } token)
        {
            return false;
        }

        (body["Id"], body["SyncToken"], body["sparse"]) = (id, token, true);
        if (body["Line"] is JsonArray lines)
        {
            body["Line"] = KeptLines.Over(lines, known.ItemsAt("Line").Where(line => line.TextAt("DetailType") is SalesLine or null), "Description");
        }

        return true;
    }

    private static JsonObject BodyOf(string dataType, OutgoingRow row)
    {
        var body = (JsonObject)row.Content.DeepClone();
        switch (dataType)
        {
            case "invoices":
                foreach (var line in (body["Line"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    // Note: the amount is required, and has to be that of quantity and price.
                    var detail = line[SalesLine];
                    line["Amount"] = detail?["UnitPrice"] is { } price ? decimal.Round((detail["Qty"]?.GetValue<decimal>() ?? 1) * price.GetValue<decimal>(), 2) : line["Amount"]?.DeepClone() ?? 0m;
                    line[SalesLine] ??= new JsonObject();
                }

                break;
            case "payments":
                if (body["Line"]?[0]?["LinkedTxn"] is null)
                {
                    body.Remove("Line");
                }

                if (Text(body["TxnDate"]) is { Length: > 10 } time)
                {
                    body["TxnDate"] = time[..10];
                }

                break;
        }

        return body;
    }

    private static RemoteRow RowOf(string dataType, JsonElement row)
    {
        var isGone = row.TextAt("status") == "Deleted" || row.TextAt("Active") == "false";
        return new RemoteRow(row.TextAt("Id") ?? "", isGone ? row : Tidy(dataType, row), UpdatedOf(row)) { IsDeleted = isGone };
    }

    private static JsonElement Tidy(string dataType, JsonElement row)
    {
        if (dataType == "invoices")
        {
            // Subtotals stand among the lines.
            var invoice = JsonObject.Create(row)!;
            invoice["Line"] = new JsonArray([.. row.ItemsAt("Line").Where(line => line.TextAt("DetailType") is SalesLine or "GroupLineDetail" or "DescriptionOnly").Select(line => JsonObject.Create(line))]);
            return JsonSerializer.SerializeToElement(invoice);
        }

        if (dataType == "expenses" && row.TextAt("EntityRef", "type") is not (null or "Vendor"))
        {
            // Customers and employees have ids of their own.
            var expense = JsonObject.Create(row)!;
            expense["EntityRef"] = new JsonObject { ["name"] = row.TextAt("EntityRef", "name") };
            return JsonSerializer.SerializeToElement(expense);
        }

        return row;
    }

    private static DateTimeOffset? UpdatedOf(JsonElement row) => row.TextAt("MetaData", "LastUpdatedTime") is { } text ? ValueForms.ReadTime(text) : null;

    private static string? MessageOf(JsonElement item) => item.ItemsAt("Fault", "Error").Select(error => error.TextAt("Detail") ?? error.TextAt("Message")).FirstOrDefault();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);

    private static string EntityOf(string dataType) => dataType switch
    {
        "contacts" => "Customer",
        "vendors" => "Vendor",
        "invoices" => "Invoice",
        "payments" => "Payment",
        _ => "Purchase",
    };
}

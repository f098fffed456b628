using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>Stripe's objects as the hub syncs them.</summary>
internal static class StripeData
{
    public const int Lot = 100;

    /// <summary>Stripe keeps the events that tell changes for 30 days; the margin is for runs that take long.</summary>
    public static readonly TimeSpan ChangesKept = TimeSpan.FromDays(29);

    private static readonly Dictionary<string, string> _invoiceStatus = new(StringComparer.Ordinal)
    {
        ["draft"] = "draft",
        ["open"] = "open",
        ["paid"] = "paid",
        ["void"] = "void",
        ["uncollectible"] = "uncollectible",
    };

    private static readonly Dictionary<string, string> _paymentStatus = new(StringComparer.Ordinal)
    {
        ["succeeded"] = "completed",
        ["canceled"] = "failed",
        ["requires_payment_method"] = "failed",
    };

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Customers", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.EmptyText,
            Mapping =
            [
                new("name", "name"),
                new("email", "email", FieldTransform.Trim),
                new("phone", "phone"),
                new("address.line1", "address.line1"),
                new("address.line2", "address.line2"),
                new("address.city", "address.city"),
                new("address.state", "address.state"),
                new("address.postal_code", "address.postalCode"),
                new("address.country", "address.country"),
                FieldMapping.Always("contactType", "customer"),
            ],
            CreatesOnce = true,
            ChangesKept = ChangesKept,
            Kinds = ["customer"],
        },
        new("products", "Products", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.EmptyText,
            Mapping =
            [
                new("name", "name"),
                new("description", "description"),
                new("active", "isActive"),
                new("metadata.sku", "sku"),
                new FieldMapping("default_price.currency", "currency", FieldTransform.Uppercase).OnlyIn(),
                new FieldMapping("default_price.unit_amount", "unitPrice", FieldTransform.MinorUnits).OnlyIn(),
                new FieldMapping("default_price_data.currency", "currency").OnlyOut(),
                new FieldMapping("default_price_data.unit_amount", "unitPrice", FieldTransform.MinorUnits).OnlyOut(),
            ],
            CreatesOnce = true,
            ChangesKept = ChangesKept,
            Needs = ["name"],
        },
        new("invoices", "Invoices", SyncDirections.Both)
        {
            Mapping =
            [
                new FieldMapping("number", "number").OnlyIn(),
                new("customer", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("status", "status") { Directions = SyncDirections.In, Values = _invoiceStatus },
                new("currency", "currency", FieldTransform.Uppercase),
                new FieldMapping("total", "amount", FieldTransform.MinorUnits).OnlyIn(),
                new FieldMapping("amount_remaining", "balance", FieldTransform.MinorUnits).OnlyIn(),
                new FieldMapping("created", "date", FieldTransform.Date).OnlyIn(),
                new("due_date", "dueDate", FieldTransform.Date) { DateForm = DateForm.UnixSeconds },
                new("lines.data", "lines", FieldTransform.Lines)
                {
                    Items =
                    [
                        new("description", "description"),
                        new("quantity", "quantity"),
                        new("amount", "amount", FieldTransform.MinorUnits),
                        new(StripeLines.Product, "productId", FieldTransform.Reference) { Reference = "products" },
                        // Where accounts have kept an API from before March 2025.
                        new FieldMapping("price.product", "productId", FieldTransform.Reference) { Reference = "products" }.OnlyIn(),
                    ],
                },
            ],
            CreatesOnce = true,
            ChangesKept = ChangesKept,
            Needs = ["contactId", "currency"],
        },
        new("payments", "Payments", SyncDirections.In)
        {
            Mapping =
            [
                new("currency", "currency", FieldTransform.Uppercase),
                new("amount", "amount", FieldTransform.MinorUnits),
                new("status", "status") { Values = _paymentStatus, OtherValue = "pending" },
                new("customer", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("created", "paidAt", FieldTransform.Time),
                new("description", "description"),
            ],
            ChangesKept = ChangesKept,
        },
        new("subscriptions", "Subscriptions", SyncDirections.In)
        {
            Mapping =
            [
                new("status", "status"),
                new("customer", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("items.data[0].price.currency", "currency", FieldTransform.Uppercase),
                new("items.data[0].price.unit_amount", "amount", FieldTransform.MinorUnits),
                new("items.data[0].quantity", "quantity"),
                new("start_date", "date", FieldTransform.Date),
                new("canceled_at", "canceledAt", FieldTransform.Time),
                new("items.data[0].price.id", "price"),
            ],
            ChangesKept = ChangesKept,
        },
    ];

    public static async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        if (request.Since is { } since)
        {
            return await ReadEventsAsync(session, request, since, cancellationToken);
        }

        var after = request.Cursor is { } cursor ? $"&starting_after={Uri.EscapeDataString(cursor)}" : "";
        var more = request.DataType switch
        {
            "subscriptions" => "&status=all",
            "products" => "&expand[]=data.default_price",
            _ => "",
        };
        var page = (await session.GetAsync($"{PathOf(request.DataType)}?limit={Lot}{more}{after}", cancellationToken)).Json;
        List<RemoteRow> rows = [];
        foreach (var item in page.ItemsAt("data"))
        {
            rows.Add(new RemoteRow(item.TextAt("id") ?? "", await StripeLines.CompleteAsync(session, item, cancellationToken)));
        }

        return new RemotePage(rows, page.TextAt("has_more") == "true" && rows.Count > 0 ? rows[^1].Id : null);
    }

    public static async Task<WriteResult> WriteAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        var content = (JsonObject)row.Content.DeepClone();
        List<KeyValuePair<string, string>> lines = [];
        if (dataType == "invoices")
        {
            if (row.ExternalId is not null)
            {
                // Note: what an invoice says cannot be changed from outside once it is more than a draft; drafts are left to Stripe's dashboard.
                return new WriteResult(row.ExternalId);
            }

            content.Remove("lines");
            content["auto_advance"] = false;
            content["collection_method"] = content.ContainsKey("due_date") ? "send_invoice" : "charge_automatically";
        }
        else if (row.ExternalId is not null)
        {
            // Note: prices do not change; a product gets a new one in the dashboard.
            content.Remove("default_price_data");
        }

        if (content["currency"]?.GetValue<string>() is { } currency)
        {
            content["currency"] = currency.ToLowerInvariant();
        }

        if (content["default_price_data"] is JsonObject price)
        {
            if (price["currency"]?.GetValue<string>() is { } priceCurrency && price.ContainsKey("unit_amount"))
            {
                price["currency"] = priceCurrency.ToLowerInvariant();
            }
            else
            {
                content.Remove("default_price_data");
            }
        }

        Flatten("", content, lines);
        lines.Add(new("metadata[hub_id]", row.Key));
        var path = row.ExternalId is null ? PathOf(dataType) : $"{PathOf(dataType)}/{Uri.EscapeDataString(row.ExternalId)}";
        // Note: for a day Stripe answers a key that it knows with what it answered then, and does nothing.
        var key = row.ExternalId is null ? $"{row.Key}-{row.Print}" : $"{row.Key}-{row.Print}-{row.ChangedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}";
        var answer = (await PostAsync(session, path, lines, key, cancellationToken)).Json;
        var id = answer.TextAt("id") ?? "";
        if (dataType == "invoices")
        {
            await StripeLines.WriteAsync(session, row, id, cancellationToken);
        }

        return new WriteResult(id) { Content = dataType == "contacts" ? answer : null };
    }

    // The newest of an object comes first. Those that follow are older, although times are whole seconds: each page counts as a millisecond before the one that was read before it.
    private static async Task<RemotePage> ReadEventsAsync(ProviderSession session, ReadRequest request, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var place = request.Cursor?.Split('|');
        var number = place is [_, var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var after = place is [var cursor, ..] ? $"&starting_after={Uri.EscapeDataString(cursor)}" : "";
        var types = string.Concat(EventsOf(request.DataType).Select(type => $"&types[]={type}"));
        var page = (await session.GetAsync($"/v1/events?limit={Lot}&created[gte]={since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}{types}{after}", cancellationToken)).Json;
        var events = page.ItemsAt("data").ToList();
        List<RemoteRow> rows = [];
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (var item in events)
        {
            if (item.At("data", "object") is { } changed && changed.TextAt("id") is { } id && told.Add(id))
            {
                var isDeleted = item.TextAt("type")?.EndsWith(".deleted", StringComparison.Ordinal) == true && request.DataType != "subscriptions";
                var whole = isDeleted ? changed : await StripeLines.CompleteAsync(session, changed, cancellationToken);
                rows.Add(new RemoteRow(id, whole, item.TextAt("created") is { } created ? ValueForms.ReadTime(created)?.AddMilliseconds(-Math.Min(number, 999)) : null) { IsDeleted = isDeleted });
            }
        }

        return new RemotePage(rows, page.TextAt("has_more") == "true" && events.Count > 0 ? $"{events[^1].TextAt("id")}|{(number + 1).ToString(CultureInfo.InvariantCulture)}" : null);
    }

    public static Task<ProviderAnswer> PostAsync(ProviderSession session, string path, List<KeyValuePair<string, string>> form, string key, CancellationToken cancellationToken) =>
        session.SendAsync(ProviderRequest.PostForm(path, form) with { Headers = [("Idempotency-Key", key)], CanRepeat = true }, cancellationToken);

    private static void Flatten(string prefix, JsonObject values, List<KeyValuePair<string, string>> form)
    {
        foreach (var (name, value) in values)
        {
            var path = prefix.Length == 0 ? name : $"{prefix}[{name}]";
            if (value is JsonObject inner)
            {
                Flatten(path, inner, form);
            }
            else if (value is not null)
            {
                form.Add(new(path, Text(value)));
            }
        }
    }

    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static string PathOf(string dataType) => dataType switch
    {
        "contacts" => "/v1/customers",
        "payments" => "/v1/payment_intents",
        _ => $"/v1/{dataType}",
    };

    private static IEnumerable<string> EventsOf(string dataType) => dataType switch
    {
        "contacts" => ["customer.created", "customer.updated", "customer.deleted"],
        "products" => ["product.created", "product.updated", "product.deleted"],
        "invoices" => ["invoice.created", "invoice.updated", "invoice.finalized", "invoice.paid", "invoice.payment_failed", "invoice.voided", "invoice.deleted"],
        "payments" => ["payment_intent.created", "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"],
        _ => ["customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted"],
    };
}

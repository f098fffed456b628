using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>POST of objects: what is not named stays, an empty text clears, a name that Stripe does not know is refused.</summary>
internal sealed class StripeWrites(StripeLists lists)
{
    private static readonly Dictionary<string, string[]> _known = new(StringComparer.Ordinal)
    {
        ["customers"] = ["name", "email", "phone", "description", "address", "shipping", "metadata", "balance", "preferred_locales", "tax_exempt", "expand"],
        ["products"] = ["name", "description", "active", "metadata", "default_price", "default_price_data", "images", "unit_label", "url", "shippable", "tax_code", "expand"],
        ["prices"] = ["currency", "product", "unit_amount", "unit_amount_decimal", "active", "nickname", "metadata", "recurring", "lookup_key", "product_data", "expand"],
        ["invoices"] =
            ["customer", "currency", "description", "due_date", "days_until_due", "collection_method", "auto_advance", "metadata", "pending_invoice_items_behavior", "footer", "number", "expand"],
        ["invoiceitems"] = ["customer", "invoice", "amount", "currency", "description", "quantity", "unit_amount_decimal", "pricing", "price_data", "metadata", "discountable", "expand"],
    };

    private static readonly Dictionary<string, string[]> _required = new(StringComparer.Ordinal)
    {
        ["customers"] = [],
        ["products"] = ["name"],
        ["prices"] = ["currency"],
        ["invoices"] = ["customer"],
        ["invoiceitems"] = ["customer"],
    };

    public static IEnumerable<string> Writable => _known.Keys;

    public IResult Create(HttpContext context, DataTable table, StripeForm form)
    {
        if (Fault(context, table, form.Values, isNew: true) is { } fault)
        {
            return fault;
        }

        var body = StripeBlanks.Of(table.Type);
        Merge(body, form.Values);
        Row row;
        switch (table.Type)
        {
            case "invoices":
                row = table.Add(body, (invoice, made) => Invoice(invoice, made, form.Values));
                break;
            case "invoiceitems":
                StripeBlanks.PriceItem(body);
                row = table.Add(body, null);
                OnInvoice(table.Account, row);
                break;
            case "products" when form.Values["default_price_data"] is JsonObject data:
                body.Remove("default_price_data");
                var price = StripeBlanks.Of("prices");
                Merge(price, data);
                row = table.Add(body, (product, made) =>
                {
                    price["product"] = made.Id;
                    product["default_price"] = table.Account["prices"].Add(price, null).Id;
                });
                break;
            default:
                row = table.Add(body, null);
                break;
        }

        var written = table.RowAt(row.Index);
        return new DataAnswer(writer => StripeLines.WriteTo(writer, written));
    }

    public IResult Update(HttpContext context, DataTable table, StripeForm form)
    {
        var id = context.Request.RouteValues["id"]!.ToString()!;
        if (table.Find(id) is not { IsDeleted: false } row)
        {
            return StripeLists.Missing(table.Type, id, "id");
        }

        if (Fault(context, table, form.Values, isNew: false) is { } fault)
        {
            return fault;
        }

        var body = row.ToObject();
        if (table.Type == "invoices" && body["status"]!.GetValue<string>() != "draft")
        {
            return StripeProvider.Error("Finalized invoices can't be updated in this way", StatusCodes.Status400BadRequest, "invoice_not_editable");
        }

        Merge(body, form.Values);
        var written = table.Replace(row, body);
        return new DataAnswer(writer => StripeLines.WriteTo(writer, written));
    }

    public IResult Delete(HttpContext context, DataTable table)
    {
        var id = context.Request.RouteValues["id"]!.ToString()!;
        if (table.Find(id) is not { IsDeleted: false } row)
        {
            return StripeLists.Missing(table.Type, id, "id");
        }

        table.Remove(row);
        return Answer.Json(new { id, @object = StripeTypes.ObjectOf(table.Type), deleted = true });
    }

    private IResult? Fault(HttpContext context, DataTable table, JsonObject values, bool isNew)
    {
        if (values.Select(value => value.Key).FirstOrDefault(name => !_known[table.Type].Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return lists.Refused(context, $"Received unknown parameter: {unknown}", "parameter_unknown", unknown);
        }

        if (isNew && _required[table.Type].FirstOrDefault(name => values[name] is null) is { } missing)
        {
            return lists.Refused(context, $"Missing required param: {missing}.", "parameter_missing", missing);
        }

        if (values["email"]?.ToString() is { Length: > 0 } email && (email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }] || email.Any(char.IsWhiteSpace)))
        {
            // What a user has in a record is no fault of the client.
            return StripeProvider.Error($"Invalid email address: {email}", StatusCodes.Status400BadRequest, "email_invalid", "email");
        }

        if (values["metadata"] is JsonObject metadata && (metadata.Count > 50 || metadata.Any(pair => pair.Key.Length > 40 || pair.Value?.ToString().Length > 500)))
        {
            return lists.Refused(context, "Metadata has at most 50 keys of 40 characters with values of 500.", "metadata_invalid", "metadata");
        }

        foreach (var (name, type) in (IEnumerable<(string, string)>)[("customer", "customers"), ("product", "products"), ("invoice", "invoices"), ("default_price", "prices")])
        {
            if (values[name]?.ToString() is { Length: > 0 } id && table.Account[type].Find(id) is not { IsDeleted: false })
            {
                return StripeLists.Missing(type, id, name);
            }
        }

        return isNew && table.Type == "prices" && values["product"] is null && values["product_data"] is null
            ? lists.Refused(context, "Missing required param: product.", "parameter_missing", "product")
            : null;
    }

    private static void Invoice(JsonObject invoice, Row made, JsonObject values)
    {
        invoice.Remove("pending_invoice_items_behavior");
        invoice.Remove("days_until_due");
        var customer = made.Table.Account["customers"].Find(invoice["customer"]!.GetValue<string>())!.Value.ToElement();
        (invoice["customer_email"], invoice["customer_name"]) = (customer.Text("email"), customer.Text("name"));
        invoice["id"] = made.Id;
        if (values["pending_invoice_items_behavior"]?.ToString() != "include")
        {
            return;
        }

        var items = made.Table.Account["invoiceitems"];
        foreach (var item in items.Snapshot.Ascending(0).Select(row => (Row: row, Body: row.ToObject())).Where(item =>
            item.Body["invoice"] is null && item.Body["customer"]?.ToString() == invoice["customer"]!.ToString()).ToList())
        {
            StripeLines.Add(invoice, item.Body);
            item.Body["invoice"] = made.Id;
            items.Replace(item.Row, item.Body);
        }
    }

    private static void OnInvoice(AccountData data, Row item)
    {
        var body = item.ToObject();
        if (body["invoice"]?.ToString() is { Length: > 0 } id && data["invoices"].Find(id) is { } invoice)
        {
            var changed = invoice.ToObject();
            StripeLines.Add(changed, body);
            data["invoices"].Replace(invoice, changed);
        }
    }

    private static void Merge(JsonObject body, JsonObject values)
    {
        foreach (var (name, value) in values.Where(value => value.Key != "expand"))
        {
            if (value is JsonObject nested && name != "pricing")
            {
                var into = body[name] as JsonObject ?? [];
                body[name] = into;
                Merge(into, nested);
                // Metadata that is cleared goes; other fields become null.
                if (name == "metadata")
                {
                    into.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList().ForEach(key => into.Remove(key));
                }
            }
            else
            {
                body[name] = value is JsonValue text && text.ToString().Length == 0 ? null : value?.DeepClone();
            }
        }
    }
}

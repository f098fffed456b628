using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.AutoCount;

/// <summary>Making and changing records. That PUT changes them is unverified. A document is answered with nothing but its address.</summary>
internal sealed class AutoCountWrites(AutoCountProvider provider)
{
    public async Task<IResult> DebtorAsync(HttpContext context, AccountData data, bool isNew)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return provider.Wrong(context, "the body is a JSON object");
        }

        var values = JsonObject.Create(body)!;
        var (table, fault) = (data["debtor"], Missing(values, isNew ? ["companyName", "currencyCode", "creditTerm"] : []) ?? TermFault(values) ?? TooLong(values, ("companyName", 100), ("accNo", 12), ("address", 200)));
        if (fault is not null)
        {
            return Refused(fault);
        }

        values["accNo"] ??= isNew ? string.Create(CultureInfo.InvariantCulture, $"300-N{table.Snapshot.Total:0000000}") : context.Request.Query["code"].ToString();
        return Save(context, table, values, values["accNo"]!.ToString(), isNew);
    }

    public async Task<IResult> ProductAsync(HttpContext context, AccountData data, bool isNew)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("product", out var product) || product.ValueKind != JsonValueKind.Object)
        {
            return provider.Wrong(context, "the body is {\"product\":{…}}");
        }

        var values = JsonObject.Create(product)!;
        var fault = Missing(values, isNew ? ["productCode", "productName", "productType", "status"] : []) ?? TooLong(values, ("productCode", 20), ("productName", 100), ("productType", 1), ("status", 1)) ?? Texts(values, "price", "cost", "minPrice");
        if (fault is not null)
        {
            return Refused(fault);
        }

        return Save(context, data["product"], values, values["productCode"]?.ToString() ?? context.Request.Query["code"].ToString(), isNew);
    }

    public async Task<IResult> InvoiceAsync(HttpContext context, AccountData data, bool isNew)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("master", out var head) || head.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("details", out var lines) || lines.ValueKind != JsonValueKind.Array)
        {
            return provider.Wrong(context, "the body is {\"master\":{…},\"details\":[…]}");
        }

        var (table, master, details) = (data["invoice"], JsonObject.Create(head)!, JsonArray.Create(lines)!);
        var fault = Missing(master, isNew ? ["docDate", "debtorCode", "debtorName", "creditTerm", "salesLocation"] : []) ?? TermFault(master)
            ?? details.OfType<JsonObject>().Select(line => Texts(line, "qty", "unitPrice")).FirstOrDefault(text => text is not null)
            ?? (isNew && details.Count == 0 ? "details are required" : null);
        if (fault is not null)
        {
            return Refused(fault);
        }

        if (master["debtorCode"]?.ToString() is { } debtor && data["debtor"].FindByKey(debtor).Count == 0)
        {
            return Refused($"debtorCode {debtor} does not exist");
        }

        var number = isNew ? master["docNo"]?.ToString() : context.Request.Query["docNo"].ToString();
        if (string.IsNullOrEmpty(number))
        {
            number = string.Create(CultureInfo.InvariantCulture, $"I-{table.Snapshot.Total + 1:000000}");
        }

        master["docNo"] = number;
        var existing = table.FindByKey(number);
        if (isNew == existing.Count > 0)
        {
            return isNew ? Refused($"docNo {number} already exists") : AutoCountProvider.Error(StatusCodes.Status404NotFound, $"docNo {number} is not found");
        }

        var document = isNew ? new JsonObject { ["master"] = new JsonObject(), ["details"] = new JsonArray() } : existing[0].ToObject();
        Merge(document["master"]!.AsObject(), master);
        document["details"] = Lines(document["details"]!.AsArray(), details);
        var total = document["details"]!.AsArray().Sum(line => Number(line?["subTotal"]));
        (document["master"]!["totalExTax"], document["master"]!["netTotal"]) = (total, total);
        _ = isNew ? table.Add(document, null) : table.Replace(existing[0], document);
        if (!isNew)
        {
            return Answer.Status(StatusCodes.Status204NoContent);
        }

        context.Response.Headers.Location = $"{provider.BaseUrl}/{context.Request.RouteValues["book"]}/invoice?docNo={Uri.EscapeDataString(number)}";
        return Answer.Status(StatusCodes.Status201Created);
    }

    /// <summary>By their place: a line overwrites the one that is there, an empty one leaves it, and those beyond the last are deleted.</summary>
    private static JsonArray Lines(JsonArray old, JsonArray given)
    {
        List<JsonNode> lines = [];
        for (var at = 0; at < given.Count; at++)
        {
            var line = at < old.Count ? old[at]!.DeepClone().AsObject() : [];
            Merge(line, given[at]!.AsObject());
            line["subTotal"] = Number(line["qty"] ?? 1) * Number(line["unitPrice"]);
            lines.Add(line);
        }

        return new JsonArray([.. lines]);
    }

    private IResult Save(HttpContext context, DataTable table, JsonObject values, string key, bool isNew)
    {
        var existing = table.FindByKey(key);
        if (isNew == existing.Count > 0)
        {
            return isNew ? Refused($"{key} already exists") : AutoCountProvider.Error(StatusCodes.Status404NotFound, $"{key} is not found");
        }

        var body = isNew ? [] : existing[0].ToObject();
        Merge(body, values);
        _ = isNew ? table.Add(body, null) : table.Replace(existing[0], body);
        if (!isNew)
        {
            return Answer.Status(StatusCodes.Status204NoContent);
        }

        context.Response.Headers.Location = $"{provider.BaseUrl}/{context.Request.RouteValues["book"]}/{table.Type}?code={Uri.EscapeDataString(key)}";
        return Answer.Status(StatusCodes.Status201Created);
    }

    private static void Merge(JsonObject into, JsonObject values)
    {
        foreach (var (name, value) in values)
        {
            into[name] = value?.DeepClone();
        }
    }

    private static string? Missing(JsonObject values, string[] names) => names.FirstOrDefault(name => string.IsNullOrEmpty(values[name]?.ToString())) is { } missing ? $"{missing} is required" : null;

    private static string? TermFault(JsonObject values) =>
        values["creditTerm"]?.ToString() is { } term && !AutoCountTypes.CreditTerms.Contains(term, StringComparer.Ordinal) ? $"creditTerm {term} does not exist" : null;

    private static string? TooLong(JsonObject values, params (string Name, int Most)[] limits) =>
        limits.FirstOrDefault(limit => values[limit.Name]?.ToString().Length > limit.Most) is { Name: not null } over ? $"{over.Name} has at most {over.Most} characters" : null;

    private static string? Texts(JsonObject values, params string[] names) =>
        names.FirstOrDefault(name => values[name] is { } value && value.GetValueKind() != JsonValueKind.Number) is { } text ? $"{text} must be a JSON number" : null;

    private static IResult Refused(string message) => AutoCountProvider.Error(StatusCodes.Status400BadRequest, message);

    private static decimal Number(JsonNode? value) => decimal.TryParse(value?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Core.Providers.Connectors;

/// <summary>AutoCount's records as the hub syncs them.</summary>
internal static class AutoCountData
{
    public const string TermSetting = "creditTerm";
    public const string CurrencySetting = "currency";
    public const string LocationSetting = "salesLocation";
    public const string AccountSetting = "salesAccount";

    private const int ReadLot = 100;
    private const int AtOnce = 4;
    private const int MostSearched = 1_000;
    private const string AddressParts = "addressParts";
    private const string ProductCode = "productCode";

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Debtors", SyncDirections.Both)
        {
            MayMissRows = true,
            Mapping =
            [
                new("companyName", "name"),
                new("emailAddress", "email", FieldTransform.Trim),
                new("phone1", "phone"),
                new("address", "address.line1"),
                // AutoCount has an address in one text, which the parts go into.
                new FieldMapping($"{AddressParts}.line2", "address.line2").OnlyOut(),
                new FieldMapping($"{AddressParts}.city", "address.city").OnlyOut(),
                new FieldMapping($"{AddressParts}.state", "address.state").OnlyOut(),
                new FieldMapping($"{AddressParts}.country", "address.country").OnlyOut(),
                new("postCode", "address.postalCode"),
                FieldMapping.Always("contactType", "customer"),
            ],
            CanReadChanges = false,
            Kinds = ["customer"],
        },
        new("products", "Products", SyncDirections.Both)
        {
            MayMissRows = true,
            Mapping =
            [
                new(ProductCode, "sku"),
                new("productName", "name"),
                new("note", "description"),
                new("price", "unitPrice"),
                new("status", "isActive")
                {
                    Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "true", ["I"] = "false" },
                    OtherValue = "false",
                },
            ],
            CanReadChanges = false,
            // AutoCount knows products by their code, and invoices by their number.
            CreatesOnce = true,
            Needs = ["sku", "name"],
        },
        new("invoices", "Invoices", SyncDirections.Both)
        {
            MayMissRows = true,
            Mapping =
            [
                new("master.docNo", "number"),
                new("master.debtorCode", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("master.currencyCode", "currency"),
                new FieldMapping("master.netTotal", "amount").OnlyIn(),
                new("master.docDate", "date", FieldTransform.Date),
                new("master.dueDate", "dueDate", FieldTransform.Date),
                new("master.cancelled", "status")
                {
                    Directions = SyncDirections.In,
                    Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["true"] = "void", ["false"] = "open" },
                },
                new("details", "lines", FieldTransform.Lines)
                {
                    Items =
                    [
                        new(ProductCode, "productId", FieldTransform.Reference) { Reference = "products" },
                        new("description", "description"),
                        new("qty", "quantity"),
                        new("unitPrice", "unitPrice"),
                        new FieldMapping("subTotal", "amount").OnlyIn(),
                    ],
                },
            ],
            CreatesOnce = true,
            Needs = ["number", "contactId", "date", "lines"],
            Statuses = ["open", "paid"],
        },
    ];

    public static async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var page = int.Parse(request.Cursor ?? "1", CultureInfo.InvariantCulture);
        var answer = Camel((await session.SendAsync(ListOf(request, page), cancellationToken)).Json);
        List<RemoteRow> rows = [.. answer.ItemsAt("data").Select(row => new RemoteRow(row.TextAt(KeyOf(request.DataType)) ?? "", row, UpdatedOf(row)))];
        var isLast = rows.Count == 0 || (int.TryParse(answer.TextAt("totalCount"), CultureInfo.InvariantCulture, out var total) && page * ReadLot >= total);
        return new RemotePage(request.DataType == "invoices" ? await WholeAsync(session, rows, cancellationToken) : rows, isLast ? null : (page + 1).ToString(CultureInfo.InvariantCulture));
    }

    public static async Task<WriteResult> WriteAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        var (path, parameter) = PathOf(dataType);
        var body = (JsonObject)row.Content.DeepClone();
        var key = row.ExternalId;
        if (key is null)
        {
            try
            {
                var made = await session.SendAsync(ProviderRequest.PostJson(path, await NewAsync(session, dataType, (JsonObject)body.DeepClone(), cancellationToken)), cancellationToken);
                // Note: the only answer is the address of what was made.
                return (CodeIn(made.Headers.Location, parameter) ?? CodeIn(body)) is { } code ? ResultOf(dataType, code, body) : new WriteResult(null, "AutoCount took it and did not say under which code.");
            }
            catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Refused && fault.Message.Contains("exist", StringComparison.OrdinalIgnoreCase) && CodeIn(body) is not null)
            {
                key = CodeIn(body)!;
                if (await GetAsync(session, path, parameter, key, cancellationToken) is null)
                {
                    // Something else does not exist, such as its debtor.
                    return new WriteResult(null, fault.Message);
                }
            }
        }

        if (dataType == "invoices")
        {
            await KeepProductsAsync(session, key, body, cancellationToken);
        }

        // Note: lines go by their place: what a line does not name stays as it is there.
        object changes = dataType == "products" ? new { product = body } : dataType == "contacts" ? WithAddress(body) : body;
        await session.SendAsync(new ProviderRequest(HttpMethod.Put, $"{path}?{parameter}={Uri.EscapeDataString(key)}") { Content = () => JsonContent.Create(changes) }, cancellationToken);
        return ResultOf(dataType, key, body);
    }

    // Debtors cannot be searched; the list is looked through.
    public static async Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        var (email, name) = (row.Content["emailAddress"]?.GetValue<string>(), row.Content["companyName"]?.GetValue<string>());
        for (var page = 1; page <= MostSearched; page++)
        {
            var rows = Camel((await session.GetAsync($"/debtor/listing?page={page}&activeOnly=true&field=accNo&field=companyName&field=emailAddress", cancellationToken)).Json).ItemsAt("data").ToList();
            var found = rows.FirstOrDefault(debtor => email is not null ? string.Equals(debtor.TextAt("emailAddress"), email, StringComparison.OrdinalIgnoreCase) : debtor.TextAt("companyName") == name);
            if (found.TextAt("accNo") is { } code || rows.Count == 0)
            {
                return found.TextAt("accNo");
            }
        }

        return null;
    }

    private static ProviderRequest ListOf(ReadRequest request, int page)
    {
        switch (request.DataType)
        {
            case "contacts":
                var fields = request.Mapping.Where(field => field.Directions.HasFlag(SyncDirections.In) && field.Source.Length > 0).Select(field => field.Source.Split('.', '[')[0]).Append("accNo")
                    .Distinct(StringComparer.OrdinalIgnoreCase);
                return ProviderRequest.Get($"/debtor/listing?page={page}&activeOnly=true{string.Concat(fields.Select(field => $"&field={Uri.EscapeDataString(field)}"))}");
            case "products":
                return ProviderRequest.PostJson("/product/listing", new { page, filter = new { statuses = new { active = true, inactive = true, discontinued = true } } }) with { CanRepeat = true };
            default:
                return request.Since is { } since
                    ? ProviderRequest.PostJson(
                        "/invoice/listing", new { page, filter = new { lastModifiedDate = new { from = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) } } }) with
                    { CanRepeat = true }
                    : ProviderRequest.Get($"/invoice/listing?page={page}");
        }
    }

    // A line of which the hub knows no product keeps its own, and does not take over that of a line that stood at its place.
    private static async Task KeepProductsAsync(ProviderSession session, string number, JsonObject body, CancellationToken cancellationToken)
    {
        var lines = (body["details"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (lines.TrueForAll(line => line.ContainsKey(ProductCode)) || await GetAsync(session, "/invoice", "docNo", number, cancellationToken) is not { } known)
        {
            return;
        }

        foreach (var (line, kept) in lines.Zip(KeptLines.Over((JsonArray)body["details"]!, known.ItemsAt("details"), "description")))
        {
            line[ProductCode] ??= kept![ProductCode]?.ToString() ?? "";
        }
    }

    // The address comes back as the text that it was made into, which is no news to the hub.
    private static WriteResult ResultOf(string dataType, string code, JsonObject body) =>
        new(code) { Content = dataType == "contacts" ? JsonSerializer.SerializeToElement(WithAddress(body)) : null };

    // Lists have the heads of invoices only.
    private static async Task<List<RemoteRow>> WholeAsync(ProviderSession session, List<RemoteRow> heads, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, JsonElement> whole = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(heads, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (head, token) =>
        {
            if (await GetAsync(session, "/invoice", "docNo", head.Id, token) is { } invoice)
            {
                whole[head.Id] = invoice;
            }
        });
        // What is listed but cannot be read is cancelled; its head says so.
        return heads.ConvertAll(head => head with { Content = whole.TryGetValue(head.Id, out var invoice) ? invoice : JsonSerializer.SerializeToElement(new { master = head.Content }) });
    }

    private static async Task<JsonElement?> GetAsync(ProviderSession session, string path, string parameter, string key, CancellationToken cancellationToken)
    {
        try
        {
            return Camel((await session.GetAsync($"{path}?{parameter}={Uri.EscapeDataString(key)}", cancellationToken)).Json);
        }
        catch (ProviderFault fault) when (fault.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<JsonObject> NewAsync(ProviderSession session, string dataType, JsonObject body, CancellationToken cancellationToken)
    {
        switch (dataType)
        {
            case "contacts":
                (body["currencyCode"], body["creditTerm"]) = (session.Setting(CurrencySetting), session.Setting(TermSetting));
                return WithAddress(body);
            case "products":
                (body["productType"], body["status"]) = ("I", body["status"]?.DeepClone() ?? "A");
                return new JsonObject { ["product"] = body };
            default:
                var master = (JsonObject)body["master"]!;
                var code = master["debtorCode"]!.GetValue<string>();
                var debtor = await GetAsync(session, "/debtor", "code", code, cancellationToken) ?? throw new ProviderFault(ProviderFaultKind.Refused, $"AutoCount has no debtor {code} any more.");
                (master["debtorName"], master["creditTerm"], master["salesLocation"]) = (debtor.TextAt("companyName"), debtor.TextAt("creditTerm") ?? session.Setting(TermSetting), session.Setting(LocationSetting));
                var account = session.Setting(AccountSetting);
                foreach (var line in (body["details"] as JsonArray ?? []).OfType<JsonObject>().Where(_ => account is not null))
                {
                    line["accNo"] = account;
                }

                body["autoFillOption"] = new JsonObject { ["accNo"] = account is null, ["taxCode"] = true };
                return body;
        }
    }

    private static JsonObject WithAddress(JsonObject debtor)
    {
        if (debtor[AddressParts] is JsonObject parts)
        {
            debtor.Remove(AddressParts);
            var address = debtor["address"]?.GetValue<string>() ?? "";
            // A text that came from AutoCount has them already.
            var more = parts.Select(part => part.Value?.GetValue<string>()).OfType<string>().Where(part => !address.Contains(part, StringComparison.OrdinalIgnoreCase));
            debtor["address"] = string.Join('\n', more.Prepend(address).Where(part => part.Length > 0));
        }

        return debtor;
    }

    private static string? CodeIn(Uri? location, string parameter) =>
        location is not null && location.OriginalString.IndexOf('?', StringComparison.Ordinal) is > 0 and var at && QueryHelpers.ParseQuery(location.OriginalString[at..]).TryGetValue(parameter, out var code) ? code.ToString() : null;

    private static string? CodeIn(JsonObject body) => (body[ProductCode] ?? body["master"]?["docNo"])?.GetValue<string>();

    private static DateTimeOffset? UpdatedOf(JsonElement row) => (row.TextAt("lastModified") ?? row.TextAt("lastModifiedDate")) is { } time ? ValueForms.ReadTime(time) : null;

    // Note: the documentation writes names in camelCase, and answers come in PascalCase.
    private static JsonElement Camel(JsonElement body) => JsonSerializer.SerializeToElement(Camel(JsonSerializer.SerializeToNode(body)));

    private static JsonNode? Camel(JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key.Length > 0 ? char.ToLowerInvariant(pair.Key[0]) + pair.Key[1..] : "", Camel(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Camel)]),
        _ => node?.DeepClone(),
    };

    private static (string Path, string Parameter) PathOf(string dataType) => dataType switch
    {
        "contacts" => ("/debtor", "code"),
        "products" => ("/product", "code"),
        _ => ("/invoice", "docNo"),
    };

    private static string KeyOf(string dataType) => dataType switch
    {
        "contacts" => "accNo",
        "products" => ProductCode,
        _ => "docNo",
    };
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>SQL Accounting's records as the hub syncs them.</summary>
internal static class SqlAccountingData
{
    private const int ReadLot = 50;
    private const int AtOnce = 4;
    private const string Billing = "B";
    private const string Branches = "sdsbranch";
    private const string Lines = "sdsdocdetail";
    private const string Currency = "currencycode";

    // Note: the company's own currency has no name.
    private const string OwnCurrency = "----";
    private const string Ringgit = "MYR";

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Customers", SyncDirections.Both)
        {
            MayMissRows = true,
            Mapping =
            [
                new("companyname", "name"),
                new("companyname2", "company"),
                FieldMapping.AlwaysOut("sdsbranch[branchtype=B].branchname", "BILLING"),
                new("sdsbranch[branchtype=B].email", "email", FieldTransform.Trim),
                new("sdsbranch[branchtype=B].phone1", "phone"),
                new("sdsbranch[branchtype=B].address1", "address.line1"),
                new("sdsbranch[branchtype=B].address2", "address.line2"),
                new("sdsbranch[branchtype=B].city", "address.city"),
                new("sdsbranch[branchtype=B].state", "address.state"),
                new("sdsbranch[branchtype=B].postcode", "address.postalCode"),
                new("sdsbranch[branchtype=B].country", "address.country"),
                FieldMapping.Always("contactType", "customer"),
            ],
            // The code of a new customer is made of the hub's id of it.
            CreatesOnce = true,
            Kinds = ["customer"],
        },
        new("products", "Stock items", SyncDirections.Both)
        {
            MayMissRows = true,
            Mapping =
            [
                new("code", "sku"),
                new("description", "name"),
                new("remark1", "description"),
                new("refprice", "unitPrice"),
                new("isactive", "isActive"),
            ],
            CreatesOnce = true,
            Needs = ["sku", "name"],
        },
        new("invoices", "Sales invoices", SyncDirections.Both)
        {
            MayMissRows = true,
            Mapping =
            [
                new("docno", "number"),
                new("code", "contactId", FieldTransform.Reference) { Reference = "contacts" },
                new("currencycode", "currency"),
                new FieldMapping("docamt", "amount").OnlyIn(),
                new("docdate", "date", FieldTransform.Date),
                new("cancelled", "status")
                {
                    Directions = SyncDirections.In,
                    Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["true"] = "void", ["false"] = "open" },
                },
                new("sdsdocdetail", "lines", FieldTransform.Lines)
                {
                    Items =
                    [
                        new("itemcode", "productId", FieldTransform.Reference) { Reference = "products" },
                        new("description", "description"),
                        new("qty", "quantity"),
                        new("unitprice", "unitPrice"),
                        new FieldMapping("amount", "amount").OnlyIn(),
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
        var (resource, offset) = (ResourceOf(request.DataType), int.Parse(request.Cursor ?? "0", CultureInfo.InvariantCulture));
        var heads = (await session.GetAsync($"/{resource}?offset={offset}&limit={ReadLot}", cancellationToken)).Json.ItemsAt("data").ToList();
        // Note: lists cannot be filtered by time, but their heads tell it.
        List<RemoteRow> rows = [.. heads.Select(head => RowOf(resource, head)).Where(row => !(row.UpdatedAt < request.Since))];
        if (request.DataType != "products")
        {
            rows = await WholeAsync(session, resource, rows, cancellationToken);
        }

        // Fewer rows than asked for need not be the last ones.
        return new RemotePage(rows, heads.Count == 0 ? null : (offset + heads.Count).ToString(CultureInfo.InvariantCulture));
    }

    public static async Task<WriteResult> WriteAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken)
    {
        var resource = ResourceOf(dataType);
        var body = (JsonObject)row.Content.DeepClone();
        if (body[Currency]?.GetValue<string>() == Ringgit)
        {
            body[Currency] = OwnCurrency;
        }

        var key = row.ExternalId;
        if (key is null)
        {
            if (dataType == "contacts")
            {
                body["code"] = CodeOf(row.Key);
            }

            try
            {
                var made = (await session.SendAsync(ProviderRequest.PostJson($"/{resource}", body), cancellationToken)).TryJson();
                return new WriteResult(made?.TextAt(KeyOf(resource)) ?? body["code"]!.GetValue<string>());
            }
            catch (ProviderFault fault) when (IsDuplicate(fault))
            {
                // It is there already, under the same code or number: then it is changed.
                key = dataType == "invoices" ? await KeyOfNumberAsync(session, body["docno"]!.GetValue<string>(), cancellationToken) : body["code"]!.GetValue<string>();
                if (key is null)
                {
                    return new WriteResult(null, fault.Message);
                }
            }
        }

        if (await GetAsync(session, resource, key, cancellationToken) is not { } known)
        {
            return new WriteResult(null, "It is not in SQL Accounting any more.");
        }

        // Note: the count proves that nobody else changed it meanwhile.
        body["updatecount"] = long.Parse(known.TextAt("updatecount") ?? "0", CultureInfo.InvariantCulture) + 1;
        Keep(body, known);
        await session.SendAsync(new ProviderRequest(HttpMethod.Put, $"/{resource}/{Uri.EscapeDataString(key)}") { Content = () => JsonContent.Create(body), CanRepeat = false }, cancellationToken);
        return new WriteResult(key);
    }

    private static async Task<List<RemoteRow>> WholeAsync(ProviderSession session, string resource, List<RemoteRow> heads, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, RemoteRow> whole = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(heads, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (head, token) =>
        {
            if (await GetAsync(session, resource, head.Id, token) is { } record)
            {
                whole[head.Id] = RowOf(resource, record);
            }
        });
        return [.. heads.Where(head => whole.ContainsKey(head.Id)).Select(head => whole[head.Id])];
    }

    private static async Task<JsonElement?> GetAsync(ProviderSession session, string resource, string key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (await session.GetAsync($"/{resource}/{Uri.EscapeDataString(key)}", cancellationToken)).Json;
            return answer.At("data") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(record => (JsonElement?)record).FirstOrDefault() : answer;
        }
        catch (ProviderFault fault) when (fault.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<string?> KeyOfNumberAsync(ProviderSession session, string number, CancellationToken cancellationToken) =>
        (await session.GetAsync($"/salesinvoice/*?docno={Uri.EscapeDataString(number)}", cancellationToken)).Json.ItemsAt("data").Select(invoice => invoice.TextAt("dockey")).FirstOrDefault();

    // Lines and branches without their key would be made anew.
    private static void Keep(JsonObject body, JsonElement known)
    {
        if (body[Lines] is JsonArray lines)
        {
            body[Lines] = KeptLines.Over(lines, known.ItemsAt(Lines), "description", "amount", "localamount", "taxamt");
        }

        if (body[Branches] is JsonArray branches)
        {
            var theirs = known.ItemsAt(Branches).ToList();
            var billing = KeptLines.Over(branches, theirs.Where(branch => branch.TextAt("branchtype") == Billing), "branchtype");
            body[Branches] = new JsonArray([.. billing.Select(branch => branch!.DeepClone()), .. theirs.Where(branch => branch.TextAt("branchtype") != Billing).Select(branch => JsonObject.Create(branch))]);
        }
    }

    private static RemoteRow RowOf(string resource, JsonElement record)
    {
        var content = record;
        if (record.TextAt(Currency) == OwnCurrency)
        {
            var named = JsonObject.Create(record)!;
            named[Currency] = Ringgit;
            content = JsonSerializer.SerializeToElement(named);
        }

        return new RemoteRow(record.TextAt(KeyOf(resource)) ?? "", content, record.TextAt("lastmodified") is { } time ? ValueForms.ReadTime(time) : null);
    }

    private static bool IsDuplicate(ProviderFault fault) => fault.Kind == ProviderFaultKind.Refused
        && (fault.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase) || fault.Message.Contains("unique", StringComparison.OrdinalIgnoreCase));

    // Codes have ten characters; so many of a hash are no other contact's.
    private static string CodeOf(string key)
    {
        const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        return string.Create(10, SHA256.HashData(Encoding.UTF8.GetBytes(key)), static (code, hash) =>
        {
            code[0] = 'H';
            for (var i = 1; i < code.Length; i++)
            {
                code[i] = Letters[hash[i] % Letters.Length];
            }
        });
    }

    private static string KeyOf(string resource) => resource == "salesinvoice" ? "dockey" : "code";

    private static string ResourceOf(string dataType) => dataType switch
    {
        "contacts" => "customer",
        "products" => "stockitem",
        _ => "salesinvoice",
    };
}

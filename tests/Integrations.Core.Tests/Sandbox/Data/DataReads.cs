using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>Reads the ids of all rows of a type, or of those that came or changed since a time, page by page.</summary>
internal sealed class DataReads(DataClient client, string key, string type)
{
    private readonly List<string> _ids = [];

    public async Task<List<string>> ReadAsync(DateTimeOffset? since)
    {
        _ids.Clear();
        await (key switch
        {
            "stripe" => StripeAsync(since),
            "hubspot" => since is null ? HubSpotAsync() : HubSpotSearchAsync(since.Value),
            "xero" => XeroAsync(since),
            "quickbooks" => QuickBooksAsync(since),
            "salesforce" => SalesforceAsync(since),
            "zoho" => ZohoAsync(since),
            "mailchimp" => MailchimpAsync(since),
            "sendgrid" => SendGridAsync(since),
            "slack" => SlackAsync(since),
            "facebook" => FacebookAsync(since),
            "sql-accounting" => SqlAccountingAsync(since),
            _ => AutoCountAsync(since),
        });
        return [.. _ids];
    }

    private async Task StripeAsync(DateTimeOffset? since)
    {
        var name = type == "payment_intents" ? "payment_intent" : type == "subscriptions" ? "customer.subscription" : type[..^1];
        var path = since is { } time ? $"/v1/events?limit=10&type={name}.*&created[gte]={time.ToUnixTimeSeconds()}" : $"/v1/{type}?limit=100{(type == "subscriptions" ? "&status=all" : "")}";
        var next = "";
        while (true)
        {
            var page = await client.JsonAsync("GET", path + next);
            var data = page.GetProperty("data");
            _ids.AddRange(data.EnumerateArray().Select(item => Text(since is null ? item : item.GetProperty("data").GetProperty("object"), "id")));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return;
            }

            next = "&starting_after=" + Text(data[data.GetArrayLength() - 1], "id");
        }
    }

    private async Task HubSpotAsync()
    {
        var after = "";
        do
        {
            var page = await client.JsonAsync("GET", $"/crm/v3/objects/contacts?limit=100&properties=email,phone{after}");
            Add(page, "results", "id");
            after = page.TryGetProperty("paging", out var paging) ? "&after=" + Text(paging.GetProperty("next"), "after") : "";
        }
        while (after.Length > 0);
    }

    private async Task HubSpotSearchAsync(DateTimeOffset since)
    {
        var after = "0";
        while (after.Length > 0)
        {
            var page = await client.JsonAsync("POST", "/crm/v3/objects/contacts/search", $$"""
                {"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"{{since.ToUnixTimeMilliseconds()}}"}]}],
                "sorts":[{"propertyName":"lastmodifieddate","direction":"ASCENDING"}],"properties":["email"],"limit":4,"after":"{{after}}"}
                """);
            Add(page, "results", "id");
            after = page.TryGetProperty("paging", out var paging) ? Text(paging.GetProperty("next"), "after") : "";
        }
    }

    private async Task XeroAsync(DateTimeOffset? since)
    {
        var isPaged = type is not ("Items" or "ExpenseClaims");
        for (var number = 1; ; number++)
        {
            var page = await client.JsonAsync("GET", $"/api.xro/2.0/{type}{(isPaged ? $"?page={number}&pageSize=100" : "")}", null,
                since is { } time ? [("If-Modified-Since", time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture))] : []);
            if (Add(page, type, type[..^1] + "ID") == 0 || !isPaged)
            {
                return;
            }
        }
    }

    private async Task QuickBooksAsync(DateTimeOffset? since)
    {
        var where = since is { } time ? $" WHERE Metadata.LastUpdatedTime >= '{time:yyyy-MM-ddTHH:mm:sszzz}' ORDERBY Metadata.LastUpdatedTime" : " ORDERBY Id";
        for (var start = 1; ; start += 500)
        {
            var page = await client.JsonAsync("GET", $"/v3/company/{client.Realm}/query?query={Uri.EscapeDataString($"SELECT * FROM {type}{where} STARTPOSITION {start} MAXRESULTS 500")}");
            if (Add(page.GetProperty("QueryResponse"), type, "Id") == 0)
            {
                return;
            }
        }
    }

    private async Task SalesforceAsync(DateTimeOffset? since)
    {
        var where = since is { } time ? $" WHERE SystemModstamp >= {time:yyyy-MM-ddTHH:mm:ss}Z" : "";
        var path = $"/services/data/v60.0/query?q={Uri.EscapeDataString($"SELECT Id, Name, SystemModstamp FROM {type}{where} ORDER BY SystemModstamp ASC")}";
        while (true)
        {
            var page = await client.JsonAsync("GET", path);
            Add(page, "records", "Id");
            if (page.GetProperty("done").GetBoolean())
            {
                return;
            }

            path = Text(page, "nextRecordsUrl");
        }
    }

    private async Task ZohoAsync(DateTimeOffset? since)
    {
        var next = "&page=1";
        while (next.Length > 0)
        {
            var page = await client.JsonAsync("GET", $"/crm/v8/Contacts?fields=Email,Last_Name&per_page=200&sort_by=Modified_Time&sort_order=asc{next}", null, since is { } time ? [("If-Modified-Since", time.ToString("O"))] : []);
            Add(page, "data", "id");
            next = page.GetProperty("info").GetProperty("more_records").GetBoolean() ? "&page_token=" + Text(page.GetProperty("info"), "next_page_token") : "";
        }
    }

    private async Task MailchimpAsync(DateTimeOffset? since)
    {
        var list = (await client.JsonAsync("GET", "/lists?count=1")).GetProperty("lists")[0].GetProperty("id").GetString();
        var filter = since is { } time ? "&since_last_changed=" + Uri.EscapeDataString(time.ToString("O")) : "";
        while (Add(await client.JsonAsync("GET", $"/lists/{list}/members?count=1000&offset={_ids.Count}&fields=members.id,total_items{filter}"), "members", "id") > 0)
        {
        }
    }

    /// <summary>There is no filter: what is old is left out by the client.</summary>
    private async Task SendGridAsync(DateTimeOffset? since)
    {
        var id = Text(await client.JsonAsync("POST", "/v3/marketing/contacts/exports", """{"file_type":"json"}"""), "id");
        JsonElement export;
        while (Text(export = await client.JsonAsync("GET", $"/v3/marketing/contacts/exports/{id}"), "status") != "ready")
        {
        }

        using var http = new HttpClient();
        foreach (var url in export.GetProperty("urls").EnumerateArray())
        {
            await using var packed = new GZipStream(await http.GetStreamAsync(url.GetString()), CompressionMode.Decompress);
            using var reader = new StreamReader(packed);
            while (await reader.ReadLineAsync() is { } line)
            {
                var contact = JsonSerializer.Deserialize<JsonElement>(line);
                if (since is null || contact.GetProperty("updated_at").GetDateTimeOffset() >= since)
                {
                    _ids.Add(Text(contact, "id"));
                }
            }
        }
    }

    private async Task SlackAsync(DateTimeOffset? since)
    {
        var channel = Text((await client.JsonAsync("GET", "/conversations.list?limit=1")).GetProperty("channels")[0], "id");
        var path = type == "users" ? "/users.list?limit=70" : $"/conversations.history?channel={channel}&limit=90{(since is { } time ? $"&inclusive=true&oldest={time.ToUnixTimeSeconds()}.000000" : "")}";
        var next = "";
        do
        {
            var page = await client.JsonAsync("GET", path + next);
            Add(page, type == "users" ? "members" : "messages", type == "users" ? "id" : "ts");
            next = Text(page.GetProperty("response_metadata"), "next_cursor") is { Length: > 0 } cursor ? "&cursor=" + Uri.EscapeDataString(cursor) : "";
        }
        while (next.Length > 0);
    }

    private async Task FacebookAsync(DateTimeOffset? since)
    {
        var page = (await client.JsonAsync("GET", "/me/accounts?limit=1")).GetProperty("data")[0];
        client.UseToken(Text(page, "access_token"));
        var form = Text((await client.JsonAsync("GET", $"/{Text(page, "id")}/leadgen_forms")).GetProperty("data")[0], "id");
        var filter = since is { } time ? "&filtering=" + Uri.EscapeDataString($$"""[{"field":"time_created","operator":"GREATER_THAN","value":{{time.ToUnixTimeSeconds() - 1}}}]""") : "";
        var after = "";
        do
        {
            var leads = await client.JsonAsync("GET", $"/{form}/leads?limit=100{filter}{after}");
            Add(leads, "data", "id");
            after = leads.TryGetProperty("paging", out var paging) && paging.TryGetProperty("next", out _) ? "&after=" + Text(paging.GetProperty("cursors"), "after") : "";
        }
        while (after.Length > 0);
    }

    /// <summary>There is no filter: what is old is left out by the client.</summary>
    private async Task SqlAccountingAsync(DateTimeOffset? since)
    {
        for (var offset = 0; ; offset += 50)
        {
            var rows = (await client.JsonAsync("GET", $"/{type}?offset={offset}&limit=50")).GetProperty("data").EnumerateArray().ToList();
            _ids.AddRange(rows.Where(row => since is null || row.GetProperty("lastmodified").GetInt64() >= since.Value.ToUnixTimeSeconds())
                .Select(row => row.GetProperty(type == "salesinvoice" ? "dockey" : "code").ToString()));
            if (rows.Count == 0)
            {
                return;
            }
        }
    }

    private async Task AutoCountAsync(DateTimeOffset? since)
    {
        var book = SandboxKeys.AutoCountBook;
        for (var number = 1; ; number++)
        {
            var page = type switch
            {
                "debtor" => await client.JsonAsync("GET", $"/{book}/debtor/listing?page={number}&activeOnly=true"),
                "product" => await client.JsonAsync("POST", $"/{book}/product/listing", $$$"""{"page":{{{number}}},"filter":{"statuses":{"active":true} } }"""),
                _ when since is { } time => await client.JsonAsync("POST", $"/{book}/invoice/listing", $$$"""{"page":{{{number}}},"filter":{"lastModifiedDate":{"from":"{{{time:O}}}"} } }"""),
                _ => await client.JsonAsync("GET", $"/{book}/invoice/listing?page={number}"),
            };
            if (Add(page, "data", type == "debtor" ? "AccNo" : type == "product" ? "ProductCode" : "DocNo") == 0)
            {
                return;
            }
        }
    }

    private int Add(JsonElement page, string list, string id)
    {
        var ids = page.TryGetProperty(list, out var rows) ? rows.EnumerateArray().Select(row => Text(row, id)).ToList() : [];
        _ids.AddRange(ids);
        return ids.Count;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}

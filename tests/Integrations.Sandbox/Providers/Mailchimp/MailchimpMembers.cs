using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Mailchimp;

/// <summary>The members of an audience: lists, single ones by hash, and up to 500 at once (unverified).</summary>
internal sealed class MailchimpMembers(ProviderControl control)
{
    private const int Most = 500;

    public void Map(ProviderRoutes routes, string list, Func<Func<HttpContext, DataTable, Task<IResult>>, Func<HttpContext, Task<IResult>>> with)
    {
        routes.Get(list + "/members", with((context, table) => Task.FromResult(List(context, table))));
        routes.Post(list, with(ManyAsync));
        routes.Post(list + "/members", with((context, table) => SaveAsync(context, table, adds: true, changes: false)));
        routes.Get(list + "/members/{hash}", with((context, table) => Task.FromResult(Find(context, table) is { } row ? new DataAnswer(row.WriteTo) : Missing())));
        routes.Put(list + "/members/{hash}", with((context, table) => SaveAsync(context, table, adds: true, changes: true)));
        routes.Patch(list + "/members/{hash}", with((context, table) => SaveAsync(context, table, adds: false, changes: true)));
        routes.Post(list + "/members/{hash}/tags", with(TagAsync));
        routes.Delete(list + "/members/{hash}", with((context, table) =>
        {
            if (Find(context, table) is not { } row)
            {
                return Task.FromResult(Missing());
            }

            table.Remove(row);
            return Task.FromResult(Answer.Status(StatusCodes.Status204NoContent));
        }));
    }

    private IResult List(HttpContext context, DataTable table)
    {
        var query = context.Request.Query;
        if (!MailchimpProvider.TryNumber(context, "count", 10, out var count) || !MailchimpProvider.TryNumber(context, "offset", 0, out var offset) || count is < 0 or > 1000)
        {
            return Refused(context, "count is 0 to 1000, offset a number");
        }

        var since = DateTimeOffset.UnixEpoch;
        if (query["since_last_changed"].ToString() is { Length: > 0 } asked && !DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
        {
            return Refused(context, "since_last_changed is an ISO 8601 time");
        }

        if (query["sort_field"].ToString() is not ("" or "last_changed" or "timestamp_opt") || query["sort_dir"].ToString() is not ("" or "ASC"))
        {
            return Refused(context, "the sandbox sorts by last_changed or timestamp_opt, ASC");
        }

        var byTime = since > DateTimeOffset.UnixEpoch || query["sort_field"] == "last_changed";
        var view = table.Snapshot.Updated(since);
        var found = byTime ? FoundRows.Of(view, 0, view.Count) : new FoundRows(table.Snapshot.Live, table.Snapshot.Page);
        if (query["status"].ToString() is { Length: > 0 } status)
        {
            // Those that are gone are archived.
            found = FoundRows.Of([.. status == "archived" ? table.Snapshot.Deleted().Where(row => row.Updated >= since) : found.Page(0, int.MaxValue).Where(row => MailchimpMember.Status(row) == status)]);
        }

        var fields = Fields(query);
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("members");
            foreach (var row in found.Page(offset, count))
            {
                MailchimpMember.Write(writer, row, fields);
            }

            writer.WriteEndArray();
            writer.WriteString("list_id", context.Request.RouteValues["list"]!.ToString());
            writer.WriteNumber("total_items", found.Count);
            writer.WriteEndObject();
        });
    }

    /// <summary>What <c>fields</c> and <c>exclude_fields</c> leave, by their first name below <c>members</c>.</summary>
    private static string[] Fields(IQueryCollection query)
    {
        var only = Names("fields");
        var without = Names("exclude_fields");
        return [.. MailchimpMember.Fields.Where(name => (only.Count == 0 || only.Contains(name)) && !without.Contains(name))];

        HashSet<string> Names(string parameter) =>
            [.. query[parameter].ToString().Split(',').Where(name => name.StartsWith("members.", StringComparison.Ordinal)).Select(name => name.Split('.')[1])];
    }

    private async Task<IResult> ManyAsync(HttpContext context, DataTable table)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("members", out var members) || members.ValueKind != JsonValueKind.Array
            || members.GetArrayLength() is 0 or > Most || members.EnumerateArray().Any(member => member.ValueKind != JsonValueKind.Object))
        {
            return Refused(context, $"members is an array of 1 to {Most} objects");
        }

        var updates = body.TryGetProperty("update_existing", out var update) && update.ValueKind == JsonValueKind.True;
        List<Row> added = [];
        List<Row> changed = [];
        List<object> errors = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members.EnumerateArray().Select(member => JsonObject.Create(member)!))
        {
            var email = member["email_address"]?.ToString() ?? "";
            var existing = Existing(table, email);
            var fault = !seen.Add(email) ? (Code: "ERROR_GENERIC", Text: "Duplicate items found in the batch")
                : existing is not null && !updates ? (Code: "ERROR_CONTACT_EXISTS", Text: $"{email} is already a list member, do you want to update? please provide update_existing:true in the request body")
                : Fault(member, existing is null, "status") is { } text ? (Code: "ERROR_GENERIC", Text: text)
                : default;
            if (fault.Text is not null)
            {
                errors.Add(new { email_address = email, error = fault.Text, error_code = fault.Code, field = "", field_message = "" });
            }
            else
            {
                (existing is null ? added : changed).Add(Save(table, member, existing));
            }
        }

        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteRows("new_members", added);
            writer.WriteRows("updated_members", changed);
            writer.WritePropertyName("errors");
            JsonSerializer.Serialize(writer, errors, DataAnswer.AsWritten);
            writer.WriteNumber("total_created", added.Count);
            writer.WriteNumber("total_updated", changed.Count);
            writer.WriteNumber("error_count", errors.Count);
            writer.WriteEndObject();
        });
    }

    private async Task<IResult> SaveAsync(HttpContext context, DataTable table, bool adds, bool changes)
    {
        if (await context.Request.ReadObjectAsync() is not { } body)
        {
            return Refused(context, "a member is a JSON object");
        }

        var member = JsonObject.Create(body)!;
        var email = member["email_address"]?.ToString() ?? "";
        var hash = context.Request.RouteValues["hash"]?.ToString();
        var existing = hash is null ? Existing(table, email) : (email.Length > 0 && MailchimpMember.Hash(email) == hash ? Existing(table, email) : Find(context, table));
        if (existing is null && !adds)
        {
            return Missing();
        }

        if (existing is not null && !changes)
        {
            return MailchimpProvider.Problem(StatusCodes.Status400BadRequest, "Member Exists", $"{email} is already a list member. Use PUT to insert or update list members.");
        }

        if (existing is null && hash is not null && MailchimpMember.Hash(email) != hash)
        {
            return Refused(context, "the member's hash is the MD5 of its address in lower case");
        }

        return Fault(member, existing is null, changes ? "status_if_new" : "status", context.Request.Query["skip_merge_validation"] == "true") is { } fault
            ? MailchimpProvider.Problem(StatusCodes.Status400BadRequest, "Invalid Resource", fault)
            : new DataAnswer(Save(table, member, existing).WriteTo);
    }

    private async Task<IResult> TagAsync(HttpContext context, DataTable table)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("tags", out var tags) || tags.ValueKind != JsonValueKind.Array || tags.EnumerateArray().Any(tag => tag.Text("status") is not ("active" or "inactive")))
        {
            return Refused(context, "tags are an array of objects with name and status, active or inactive");
        }

        if (Find(context, table) is not { } row)
        {
            return Missing();
        }

        var member = row.ToObject();
        var names = member["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var tag in tags.EnumerateArray())
        {
            _ = tag.Text("status") == "active" ? names.Add(tag.Text("name") ?? "") : names.Remove(tag.Text("name") ?? "");
        }

        member["tags"] = new JsonArray([.. names.Select((name, at) => new JsonObject { ["id"] = at + 1, ["name"] = name })]);
        table.Replace(row, member);
        return Answer.Status(StatusCodes.Status204NoContent);
    }

    private static string? Fault(JsonObject member, bool isNew, string status, bool skipsMerge = false)
    {
        var email = member["email_address"]?.ToString() ?? "";
        if ((isNew || email.Length > 0) && (email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }] || email.Any(char.IsWhiteSpace)))
        {
            return $"{email} looks fake or invalid, please enter a real email address.";
        }

        if (isNew && (member[status] ?? member["status"])?.ToString() is not ("subscribed" or "unsubscribed" or "cleaned" or "pending" or "transactional"))
        {
            return $"{status}: Data did not match any of the schemas described in anyOf.";
        }

        // Note: an address without its four parts is refused unless it is empty.
        return !skipsMerge && member["merge_fields"]?["ADDRESS"] is JsonObject address && new[] { "addr1", "city", "state", "zip" }.Any(name => string.IsNullOrEmpty(address[name]?.ToString()))
            ? "Your merge fields were invalid. ADDRESS: Please enter a complete address"
            : null;
    }

    private static Row Save(DataTable table, JsonObject member, Row? existing)
    {
        var body = existing is { } row ? row.ToObject() : MailchimpMember.Blank(member["email_address"]!.ToString(), table.Account.Now);
        foreach (var (name, value) in member)
        {
            switch (name)
            {
                case "merge_fields" when value is JsonObject fields:
                    foreach (var (tag, text) in fields)
                    {
                        body["merge_fields"]![tag] = text?.DeepClone();
                    }

                    break;
                case "status_if_new" when existing is null:
                    body["status"] = value?.DeepClone();
                    break;
                case "email_address" or "status" or "language" or "vip" or "email_type" or "location":
                    body[name] = value?.DeepClone();
                    break;
                case "tags" when value is JsonArray tags:
                    body["tags"] = new JsonArray([.. tags.Select((tag, at) => new JsonObject { ["id"] = at + 1, ["name"] = tag is JsonObject named ? named["name"]?.DeepClone() : tag?.DeepClone() })]);
                    break;
            }
        }

        return existing is { } old ? table.Replace(old, body) : table.Add(body, null);
    }

    private static Row? Existing(DataTable table, string email) => email.Length > 0 && table.FindByKey(email) is [var row, ..] ? row : null;

    private static Row? Find(HttpContext context, DataTable table) =>
        table.Find(context.Request.RouteValues["hash"]!.ToString()!) is { IsDeleted: false } row ? row : null;

    private IResult Refused(HttpContext context, string rule)
    {
        control.Violated(context, rule);
        return MailchimpProvider.Problem(StatusCodes.Status400BadRequest, "Invalid Resource", "The resource submitted could not be validated.");
    }

    private static IResult Missing() => MailchimpProvider.Problem(StatusCodes.Status404NotFound, "Resource Not Found", "The requested resource could not be found.");
}

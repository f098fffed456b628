using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>The forms of a page, and what people left in them.</summary>
internal sealed class FacebookLeads(FacebookProvider provider)
{
    private static readonly string[] _byDefault = ["created_time", "id", "field_data"];

    public IResult Forms(HttpContext context, AccessToken token)
    {
        var account = token.Grant.Account;
        if (provider.PageIndex(account, context.Request.RouteValues["node"]!.ToString()!) is not (>= 0 and var page))
        {
            return provider.NotFound(context);
        }

        if (token.Kind != "page")
        {
            return provider.Wrong(context, "the forms of a page are read with the page's token", "(#190) This method must be called with a Page Access Token", 190);
        }

        if (MetaPaging.Read(context.Request.Query) is not { } asked)
        {
            return BadCursor(context);
        }

        var forms = Enumerable.Range(page * FacebookTypes.FormsPerPage, FacebookTypes.FormsPerPage).Select(object (form) => new
        {
            id = FacebookTypes.FormId(account, form),
            name = $"{account.Company} enquiry {form + 1}",
            status = form % FacebookTypes.FormsPerPage == 2 ? "ARCHIVED" : "ACTIVE",
            locale = "en_US",
            leads_count = provider.Control.Data.Of(account.Number)["leads", form].Count,
        }).ToList();
        return MetaPaging.Page(context, Url(context), forms, asked);
    }

    /// <summary>The newest first.</summary>
    public IResult Leads(HttpContext context, AccessToken token)
    {
        var query = context.Request.Query;
        if (Form(token.Grant.Account, context.Request.RouteValues["node"]!.ToString()!) is not { } table)
        {
            return provider.NotFound(context);
        }

        if (MetaPaging.Read(query) is not var (limit, after))
        {
            return BadCursor(context);
        }

        if (Filter(query["filtering"].ToString()) is not var (from, to))
        {
            return provider.Wrong(context, "filtering is an array of time_created with GREATER_THAN, GREATER_THAN_OR_EQUAL or LESS_THAN", "(#100) Invalid parameter", 100);
        }

        var snapshot = table.Snapshot;
        var (low, high) = (snapshot.FirstCreatedSince(DateTimeOffset.FromUnixTimeSeconds(from)), snapshot.FirstCreatedSince(DateTimeOffset.FromUnixTimeSeconds(to)));
        var rows = snapshot.Descending(Math.Min(high - 1, (after ?? int.MaxValue) - 1)).TakeWhile(row => row.Index >= low).Take(limit + 1).ToList();
        var page = rows.Take(limit).ToList();
        var fields = query["fields"].ToString() is { Length: > 0 } names ? names.Split(',', StringSplitOptions.TrimEntries) : _byDefault;
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            page.ForEach(row => Write(writer, row, fields));
            writer.WriteEndArray();
            if (page.Count > 0)
            {
                MetaPaging.Write(writer, page[0].Index, page[^1].Index, rows.Count > limit ? $"{Url(context)}?limit={limit}" : null);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>One lead by its id.</summary>
    public IResult Lead(HttpContext context, AccessToken token)
    {
        var id = context.Request.RouteValues["node"]!.ToString()!;
        var data = provider.Control.Data.Of(token.Grant.Account.Number);
        var fields = context.Request.Query["fields"].ToString() is { Length: > 0 } names ? names.Split(',', StringSplitOptions.TrimEntries) : _byDefault;
        return Enumerable.Range(0, FacebookTypes.FormsPerPage * FacebookProvider.PageCount).Select(form => data["leads", form].Find(id)).FirstOrDefault(row => row is { IsDeleted: false }) is { } row
            ? new DataAnswer(writer => Write(writer, row, fields))
            : provider.NotFound(context);
    }

    private DataTable? Form(SandboxAccount account, string id)
    {
        var form = Enumerable.Range(0, FacebookTypes.FormsPerPage * FacebookProvider.PageCount).FirstOrDefault(form => FacebookTypes.FormId(account, form) == id, -1);
        return form < 0 ? null : provider.Control.Data.Of(account.Number)["leads", form];
    }

    private static void Write(Utf8JsonWriter writer, Row row, string[] fields)
    {
        var lead = row.ToObject();
        lead.Select(field => field.Key).Where(name => name != "id" && !fields.Contains(name, StringComparer.Ordinal)).ToList().ForEach(name => lead.Remove(name));
        lead.WriteTo(writer, DataAnswer.AsWritten);
    }

    /// <summary>The seconds from which on, and before which, a lead was made.</summary>
    private static (long From, long To)? Filter(string filtering)
    {
        var (from, to) = (0L, 253_402_300_799L);
        if (filtering.Length == 0)
        {
            return (from, to);
        }

        try
        {
            foreach (var clause in JsonNode.Parse(filtering)!.AsArray())
            {
                if (clause!["field"]?.GetValue<string>() != "time_created" || MetaPaging.Time(clause["value"]?.ToString() ?? "") is not { } time)
                {
                    return null;
                }

                var at = time.ToUnixTimeSeconds();
                (from, to) = clause["operator"]?.ToString() switch
                {
                    "GREATER_THAN" => (Math.Max(from, at + 1), to),
                    "GREATER_THAN_OR_EQUAL" => (Math.Max(from, at), to),
                    "LESS_THAN" => (from, Math.Min(to, at)),
                    _ => (-1, -1),
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        return from < 0 ? null : (from, to);
    }

    private string Url(HttpContext context) => provider.BaseUrl + context.Request.Path.Value![(context.Request.Path.Value!.IndexOf("/facebook/", StringComparison.Ordinal) + "/facebook".Length)..];

    private IResult BadCursor(HttpContext context) => provider.Wrong(context, "after is a cursor of an earlier answer", "(#100) Invalid cursor", 100);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.SendGrid;

/// <summary>Contacts: the newest 50, searches by address, and deletions. Everything can only be read by an export, and is only written by a job.</summary>
internal sealed class SendGridContacts(SendGridProvider provider, TimeProvider time)
{
    private const string Contacts = "/v3/marketing/contacts";
    private const int Shown = 50;
    private const int Most = 100;

    public void Map(ProviderRoutes routes, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        new SendGridImports(provider, time).Map(routes, Contacts, with);
        new SendGridExports(provider, time).Map(routes, Contacts, with);
        routes.Get(Contacts, with((_, data) => Task.FromResult(Newest(data["contacts"]))));
        routes.Get(Contacts + "/count", with((_, data) => Task.FromResult(Answer.Json(new { contact_count = data["contacts"].Count }))));
        routes.Get(Contacts + "/{id:guid}", with((context, data) => Task.FromResult(data["contacts"].Find(context.Request.RouteValues["id"]!.ToString()!) is { IsDeleted: false } row ? new DataAnswer(row.WriteTo) : Missing())));
        routes.Post(Contacts + "/search/emails", with((context, data) => SearchAsync(context, data["contacts"])));
        routes.Post(Contacts + "/batch", with((context, data) => BatchAsync(context, data["contacts"])));
        routes.Delete(Contacts, with((context, data) => Task.FromResult(Delete(context, data["contacts"]))));
    }

    // Note: there are no further pages.
    private static IResult Newest(DataTable table) => new DataAnswer(writer =>
    {
        writer.WriteStartObject();
        writer.WriteRows("result", table.Snapshot.Descending(int.MaxValue).Take(Shown));
        writer.WriteNumber("contact_count", table.Count);
        writer.WriteEndObject();
    });

    private async Task<IResult> SearchAsync(HttpContext context, DataTable table)
    {
        if (await TextsAsync(context, "emails") is not { } emails)
        {
            return Refused(context, "emails", $"emails are an array of 1 to {Most} texts");
        }

        var found = emails.Distinct(StringComparer.OrdinalIgnoreCase).Select(email => (Email: email, Rows: table.FindByKey(email))).ToList();
        return found.TrueForAll(item => item.Rows.Count == 0) ? Missing() : new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("result");
            foreach (var (email, rows) in found)
            {
                writer.WriteStartObject(email);
                if (rows.Count == 0)
                {
                    writer.WriteString("error", "contact not found");
                }
                else
                {
                    writer.WritePropertyName("contact");
                    rows[0].WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private async Task<IResult> BatchAsync(HttpContext context, DataTable table) => await TextsAsync(context, "ids") is { } ids
        ? new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteRows("result", ids.Select(table.Find).Where(row => row is { IsDeleted: false }).Select(row => row!.Value));
            writer.WriteEndObject();
        })
        : Refused(context, "ids", $"ids are an array of 1 to {Most} texts");

    private IResult Delete(HttpContext context, DataTable table)
    {
        var ids = context.Request.Query["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length is 0 or > Most)
        {
            return Refused(context, "ids", $"ids are 1 to {Most}");
        }

        foreach (var row in ids.Select(table.Find).OfType<Row>().Where(row => !row.IsDeleted))
        {
            table.Remove(row);
        }

        return Answer.Json(new { job_id = Mint.Guid("sendgrid", "delete", ids[0]) }, StatusCodes.Status202Accepted);
    }

    private static async Task<List<string>?> TextsAsync(HttpContext context, string name) =>
        await context.Request.ReadObjectAsync() is { } body && body.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        && list.GetArrayLength() is >= 1 and <= Most && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : null;

    private IResult Refused(HttpContext context, string field, string rule)
    {
        provider.Control.Violated(context, rule);
        return SendGridProvider.Errors(StatusCodes.Status400BadRequest, field, rule);
    }

    private static IResult Missing() => SendGridProvider.Errors(StatusCodes.Status404NotFound, null, "contact not found");
}

using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.SendGrid;

/// <summary>
/// An export is the only way to all contacts: a job, and when it is ready files to download, without a key, of up to 25,000 contacts each. CSV comes plain; JSON, one
/// contact a line, packed with gzip (which form the real one gives is unverified, so that a client must know both).
/// </summary>
internal sealed class SendGridExports(SendGridProvider provider, TimeProvider time)
{
    private const int PerFile = 25_000;

    private readonly ConcurrentDictionary<string, Export> _exports = new(StringComparer.Ordinal);
    private int _made;

    public void Map(ProviderRoutes routes, string contacts, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        routes.Post(contacts + "/exports", with(BeginAsync));
        routes.Get(contacts + "/exports/{id}", with((context, _) => Task.FromResult(Inspect(context))));
        routes.Get("/files/exports/{id}/{file:int}", Download);
    }

    private async Task<IResult> BeginAsync(HttpContext context, AccountData data)
    {
        if (await context.Request.ReadObjectAsync() is not { } body || (body.Text("file_type") ?? "csv") is not ("csv" or "json"))
        {
            provider.Control.Violated(context, "an export is a JSON object; file_type is csv or json");
            return SendGridProvider.Errors(StatusCodes.Status400BadRequest, "file_type", "invalid file_type");
        }

        List<string> lists = body.TryGetProperty("list_ids", out var ids) && ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.ToString())] : [];
        var table = data["contacts"];
        // Everybody's export is what the account has now, also when it is fetched later.
        var snapshot = table.Snapshot;
        var rows = lists.Count == 0
            ? new FoundRows(snapshot.Live, snapshot.Page)
            : FoundRows.Of([.. snapshot.Ascending(0).Where(row => row.ToObject()["list_ids"]!.AsArray().Any(id => lists.Contains(id!.ToString())))]);
        var export = new Export(Mint.Guid("sendgrid", "export", Interlocked.Increment(ref _made)), time.GetUtcNow(), body.Text("file_type") ?? "csv", rows);
        _exports[export.Id] = export;
        return Answer.Json(new { id = export.Id, _metadata = new { self = $"{provider.BaseUrl}/v3/marketing/contacts/exports/{export.Id}" } }, StatusCodes.Status202Accepted);
    }

    private IResult Inspect(HttpContext context)
    {
        if (!_exports.TryGetValue(context.Request.RouteValues["id"]!.ToString()!, out var export))
        {
            return SendGridProvider.Errors(StatusCodes.Status404NotFound, "id", "export not found");
        }

        var isReady = Interlocked.Increment(ref export.Inspections) > 1;
        return Answer.Json(new
        {
            id = export.Id,
            status = isReady ? "ready" : "pending",
            created_at = export.At.Iso(),
            updated_at = export.At.Iso(),
            completed_at = isReady ? export.At.Iso() : "",
            expires_at = export.At.AddDays(3).Iso(),
            urls = isReady ? Enumerable.Range(0, Math.Max(1, (export.Rows.Count + PerFile - 1) / PerFile)).Select(file => $"{provider.BaseUrl}/files/exports/{export.Id}/{file}") : [],
            message = "",
            contact_count = isReady ? export.Rows.Count : 0,
        });
    }

    private IResult Download(HttpContext context)
    {
        if (!_exports.TryGetValue(context.Request.RouteValues["id"]!.ToString()!, out var export) || time.GetUtcNow() > export.At.AddDays(3))
        {
            return Answer.Text("<Error><Code>AccessDenied</Code></Error>", StatusCodes.Status403Forbidden, "application/xml");
        }

        var rows = export.Rows.Page(int.Parse(context.Request.RouteValues["file"]!.ToString()!, System.Globalization.CultureInfo.InvariantCulture) * PerFile, PerFile);
        return export.Type == "csv" ? Results.Stream(stream => CsvAsync(stream, rows), "text/csv") : Results.Stream(stream => JsonAsync(stream, rows), "application/gzip");
    }

    private static async Task CsvAsync(Stream stream, IEnumerable<Row> rows)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        await writer.WriteAsync(string.Join(',', SendGridContact.Columns).ToUpperInvariant() + "\r\n");
        foreach (var row in rows)
        {
            var contact = row.ToElement();
            await writer.WriteAsync(string.Join(',', SendGridContact.Columns.Select(column => Csv.Field(contact.TryGetProperty(column == "contact_id" ? "id" : column, out var value) ? value.ToString() : ""))) + "\r\n");
        }
    }

    private static async Task JsonAsync(Stream stream, IEnumerable<Row> rows)
    {
        await using var packed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        foreach (var row in rows)
        {
            await packed.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(row.ToElement(), DataAnswer.AsWritten));
            await packed.WriteAsync("\n"u8.ToArray());
        }
    }

    private sealed class Export(string id, DateTimeOffset at, string type, FoundRows rows)
    {
        public int Inspections;

        public string Id => id;

        public DateTimeOffset At => at;

        public string Type => type;

        public FoundRows Rows => rows;
    }
}

internal static class Csv
{
    public static string Field(string text) => text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

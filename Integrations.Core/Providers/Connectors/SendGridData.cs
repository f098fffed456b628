using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>SendGrid's marketing contacts as the hub syncs them: read by exports, written by jobs.</summary>
internal static class SendGridData
{
    private const string Contacts = "/v3/marketing/contacts";
    private const int ReadLot = 1_000;
    private const int SearchLot = 100;
    private const int JobTries = 16;
    private const int ExportTries = 8;
    private const int MostExportPages = 40;
    private const int MostUnpacked = 256 * 1024 * 1024;
    private const int FileMegabytes = 16;
    private const string FieldNote = "custom field ";

    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Contacts", SyncDirections.Both)
        {
            Mapping =
            [
                new("email", "email", FieldTransform.Trim),
                new("first_name", "firstName"),
                new("last_name", "lastName"),
                new("phone_number", "phone"),
                new("address_line_1", "address.line1"),
                new("address_line_2", "address.line2"),
                new("city", "address.city"),
                new("state_province_region", "address.state"),
                new("postal_code", "address.postalCode"),
                new("country", "address.country"),
                FieldMapping.Always("contactType", "subscriber"),
            ],
            // A call takes 30,000 contacts or 6 MB; so many are surely smaller.
            WriteLot = 5_000,
            CanReadChanges = false,
            // SendGrid knows contacts by their e-mail address.
            CreatesOnce = true,
            Needs = ["email"],
            Kinds = ["customer", "lead", "subscriber"],
        },
    ];

    // A cursor names the export, its file, how far into it the last page came, and how often the export was not ready.
    public static async Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        if (request.Cursor?.Split(':') is not [var id, var fileText, var offsetText, var waitedText])
        {
            var export = (await session.SendAsync(ProviderRequest.PostJson($"{Contacts}/exports", new { file_type = "json", max_file_size = FileMegabytes }) with { CanRepeat = true }, cancellationToken)).Json;
            return new RemotePage([], $"{export.TextAt("id")}:0:0:0");
        }

        var (file, offset) = (int.Parse(fileText, CultureInfo.InvariantCulture), int.Parse(offsetText, CultureInfo.InvariantCulture));
        var (note, filesNote) = ($"export {id} {file}", $"files of export {id}");
        // A file is fetched once, and then read page by page.
        if (!session.Notes.TryGetValue(note, out var text))
        {
            if (await WaitAsync(session, $"{Contacts}/exports/{Uri.EscapeDataString(id)}", ExportTries, cancellationToken) is not { } ready)
            {
                // A large export takes long. Each page without rows tells the run's watchers that it is alive.
                var waited = int.Parse(waitedText, CultureInfo.InvariantCulture) + 1;
                return waited < MostExportPages ? new RemotePage([], $"{id}:{file}:{offset}:{waited}")
                    : throw new ProviderFault(ProviderFaultKind.Unavailable, "SendGrid has not finished its export. The next sync tries again.");
            }

            if (ready.TextAt("status") != "ready")
            {
                throw new ProviderFault(ProviderFaultKind.Unavailable, $"SendGrid's export ended as {ready.TextAt("status")}: {ready.TextAt("message")}");
            }

            List<string> urls = [.. ready.ItemsAt("urls").Select(url => url.GetString() ?? "")];
            session.Notes[filesNote] = urls.Count.ToString(CultureInfo.InvariantCulture);
            session.Notes[note] = text = file < urls.Count ? Unpack((await session.GetAsync(urls[file], cancellationToken)).Body) : "";
        }

        List<RemoteRow> rows = [];
        while (offset < text.Length && rows.Count < ReadLot)
        {
            var end = text.IndexOf('\n', offset) is var found && found < 0 ? text.Length : found;
            if (text.AsSpan(offset, end - offset).Trim() is { Length: > 0 } line)
            {
                var contact = JsonSerializer.Deserialize<JsonElement>(line);
                rows.Add(new RemoteRow(IdOf(contact) ?? "", contact, UpdatedOf(contact)));
            }

            offset = end + 1;
        }

        if (offset < text.Length)
        {
            return new RemotePage(rows, $"{id}:{file}:{offset}:{waitedText}");
        }

        session.Notes.Remove(note);
        return new RemotePage(rows, file + 1 < int.Parse(session.Notes[filesNote], CultureInfo.InvariantCulture) ? $"{id}:{file + 1}:0:{waitedText}" : null);
    }

    public static async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, string? list, WriteRequest request, CancellationToken cancellationToken)
    {
        var results = new WriteResult?[request.Rows.Count];
        List<(int Index, JsonObject Contact)> sent = [];
        foreach (var (index, row) in request.Rows.Index())
        {
            var contact = (JsonObject)row.Content.DeepClone();
            if (await NameFieldsAsync(session, contact, cancellationToken) is { } unknown)
            {
                results[index] = new WriteResult(null, $"SendGrid has no custom field {unknown}. Make it there first.");
            }
            else
            {
                sent.Add((index, contact));
            }
        }

        if (sent.Count > 0)
        {
            Dictionary<string, object> body = new(StringComparer.Ordinal) { ["contacts"] = sent.Select(item => item.Contact) };
            if (list is not null)
            {
                body["list_ids"] = new[] { list };
            }

            var job = (await session.SendAsync(new ProviderRequest(HttpMethod.Put, Contacts) { Content = () => JsonContent.Create(body) }, cancellationToken)).Json.TextAt("job_id");
            var done = await WaitAsync(session, $"{Contacts}/imports/{job}", JobTries, cancellationToken)
                ?? throw new ProviderFault(ProviderFaultKind.Unavailable, "SendGrid has not finished its job yet. The next sync tries again.");
            var refused = await ReadErrorsAsync(session, done.TextAt("results", "errors_url"), cancellationToken);
            foreach (var lot in sent.Chunk(SearchLot))
            {
                await FindAsync(session, lot, refused, done.TextAt("status") == "failed", results, cancellationToken);
            }
        }

        return results!;
    }

    // The job tells only how many; the ids are looked up.
    private static async Task FindAsync(
        ProviderSession session, (int Index, JsonObject Contact)[] lot, Dictionary<string, string> refused, bool isFailed, WriteResult?[] results, CancellationToken cancellationToken)
    {
        string[] emails = [.. lot.Select(item => EmailOf(item.Contact)).Where(email => !refused.ContainsKey(email)).Distinct(StringComparer.OrdinalIgnoreCase)];
        Dictionary<string, JsonElement> found = new(StringComparer.OrdinalIgnoreCase);
        if (emails.Length > 0 && !isFailed)
        {
            try
            {
                var answer = (await session.SendAsync(ProviderRequest.PostJson($"{Contacts}/search/emails", new { emails }) with { CanRepeat = true }, cancellationToken)).Json;
                foreach (var member in answer.At("result") is { ValueKind: JsonValueKind.Object } result ? result.EnumerateObject() : default)
                {
                    if (member.Value.At("contact") is { } contact)
                    {
                        found[member.Name] = contact;
                    }
                }
            }
            catch (ProviderFault fault) when (fault.Status == HttpStatusCode.NotFound)
            {
                // Note: none of them was found.
            }
        }

        foreach (var (index, contact) in lot)
        {
            results[index] = refused.TryGetValue(EmailOf(contact), out var error) ? new WriteResult(null, error)
                : found.TryGetValue(EmailOf(contact), out var known) ? new WriteResult(known.TextAt("id")) { Content = known, UpdatedAt = UpdatedOf(known) }
                : new WriteResult(null, isFailed ? "SendGrid refused the whole lot." : "SendGrid took it, but does not tell its id yet. The next sync looks again.");
        }
    }

    // What a job has come to; null when it goes on after so many looks.
    private static async Task<JsonElement?> WaitAsync(ProviderSession session, string url, int tries, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        for (var i = 0; i < tries; i++)
        {
            var answer = (await session.GetAsync(url, cancellationToken)).Json;
            if (answer.TextAt("status") != "pending")
            {
                return answer;
            }

            await Task.Delay(pause, session.Time, cancellationToken);
            pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
        }

        return null;
    }

    private static async Task<Dictionary<string, string>> ReadErrorsAsync(ProviderSession session, string? url, CancellationToken cancellationToken)
    {
        Dictionary<string, string> errors = new(StringComparer.OrdinalIgnoreCase);
        if (string.IsNullOrEmpty(url))
        {
            return errors;
        }

        using var csv = CsvReader.Create((await session.GetAsync(url, cancellationToken)).Body, null);
        while (csv.Read())
        {
            // Note: the columns are email and error, in this order (unverified).
            errors[csv.GetString(0)] = csv.GetString(csv.FieldCount - 1) is { Length: > 0 } said ? said : "SendGrid refused it and did not say why.";
        }

        return errors;
    }

    // Custom fields have names where they are read, and ids where they are written. Gives the name that SendGrid does not know, or null.
    private static async Task<string?> NameFieldsAsync(ProviderSession session, JsonObject contact, CancellationToken cancellationToken)
    {
        if (contact["custom_fields"] is not JsonObject { Count: > 0 } fields)
        {
            return null;
        }

        if (!session.Notes.ContainsKey(FieldNote))
        {
            foreach (var field in (await session.GetAsync("/v3/marketing/field_definitions", cancellationToken)).Json.ItemsAt("custom_fields"))
            {
                session.Notes[FieldNote + field.TextAt("name")] = field.TextAt("id") ?? "";
            }

            session.Notes[FieldNote] = "";
        }

        JsonObject byId = [];
        foreach (var (name, value) in fields)
        {
            if (!session.Notes.TryGetValue(FieldNote + name, out var id))
            {
                return name;
            }

            byId[id] = value?.DeepClone();
        }

        contact["custom_fields"] = byId;
        return null;
    }

    // Note: files are packed or not, as they come.
    private static string Unpack(ReadOnlyMemory<byte> body)
    {
        if (body.Span is not [0x1f, 0x8b, ..])
        {
            return Encoding.UTF8.GetString(body.Span);
        }

        using var packed = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = packed.Read(chunk)) > 0)
        {
            unpacked.Write(chunk, 0, read);
            if (unpacked.Length > MostUnpacked)
            {
                throw new ProviderFault(ProviderFaultKind.Refused, $"A file of SendGrid's export holds more than {MostUnpacked / 1024 / 1024} MiB.");
            }
        }

        return Encoding.UTF8.GetString(unpacked.GetBuffer(), 0, (int)unpacked.Length);
    }

    private static string? IdOf(JsonElement contact) => contact.TextAt("contact_id") ?? contact.TextAt("id");

    private static DateTimeOffset? UpdatedOf(JsonElement contact) => contact.TextAt("updated_at") is { } time ? ValueForms.ReadTime(time) : null;

    private static string EmailOf(JsonObject contact) => contact["email"]?.GetValue<string>() ?? "";
}

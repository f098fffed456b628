using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>The members of an audience as the hub syncs them.</summary>
internal static class MailchimpData
{
    private const string ArchivedCursor = "archived:";
    private const int ReadLot = 1_000;
    private const int WriteLot = 500;
    private const string Fields = "members.id,members.email_address,members.status,members.merge_fields,members.tags,members.language,members.vip,members.last_changed,total_items";

    // Whether since_last_changed means at or after is not written down.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(1);

    private static readonly string[] _addressParts = ["addr1", "city", "state", "zip"];

    private static readonly Dictionary<string, string> _status = new(StringComparer.Ordinal)
    {
        ["subscribed"] = "subscribed",
        ["unsubscribed"] = "unsubscribed",
        ["pending"] = "pending",
        // Its address does not work any more.
        ["cleaned"] = "unsubscribed",
        // Customers who never subscribed.
        ["transactional"] = "",
    };

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("contacts", "Members", SyncDirections.Both)
        {
            EmptiedAs = EmptiedAs.EmptyText,
            Mapping =
            [
                new("email_address", "email", FieldTransform.Trim),
                new("status", "status") { Values = _status },
                new("merge_fields.FNAME", "firstName"),
                new("merge_fields.LNAME", "lastName"),
                new("merge_fields.PHONE", "phone"),
                new("merge_fields.ADDRESS.addr1", "address.line1"),
                new("merge_fields.ADDRESS.addr2", "address.line2"),
                new("merge_fields.ADDRESS.city", "address.city"),
                new("merge_fields.ADDRESS.state", "address.state"),
                new("merge_fields.ADDRESS.zip", "address.postalCode"),
                new("merge_fields.ADDRESS.country", "address.country"),
                new("tags", "tags"),
                FieldMapping.Always("contactType", "subscriber"),
            ],
            WriteLot = WriteLot,
            // Mailchimp knows members by their e-mail address.
            CreatesOnce = true,
            Needs = ["email"],
            Kinds = ["customer", "lead", "subscriber"],
        },
    ];

    public static async Task<RemotePage> ReadAsync(ProviderSession session, string audience, ReadRequest request, CancellationToken cancellationToken)
    {
        var isArchive = request.Cursor?.StartsWith(ArchivedCursor, StringComparison.Ordinal) == true;
        var place = ChangesCursor.Of(isArchive ? request with { Cursor = request.Cursor![ArchivedCursor.Length..] } : request, 0);
        var since = place.IsFromStart ? "" : $"&since_last_changed={Uri.EscapeDataString((place.Since - _margin).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture))}";
        var page = (await session.GetAsync(
            $"/lists/{audience}/members?count={ReadLot}&offset={place.Place}&fields={Fields}&sort_field=last_changed&sort_dir=ASC{(isArchive ? "&status=archived" : "")}{since}", cancellationToken)).Json;
        List<RemoteRow> rows = [.. page.ItemsAt("members").Select(member => RowOf(member, isArchive))];
        if (rows.Count == ReadLot)
        {
            return new RemotePage(rows, (isArchive ? ArchivedCursor : "") + place.After(rows[^1].UpdatedAt, 0, ReadLot, _margin));
        }

        // Changes do not tell who was archived; who reads everything sees who is missing.
        return new RemotePage(rows, isArchive || request.Since is null ? null : $"{ArchivedCursor}{request.Since.Value.ToUnixTimeSeconds()}:0");
    }

    public static async Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, string audience, string newStatus, WriteRequest request, CancellationToken cancellationToken)
    {
        var results = new WriteResult?[request.Rows.Count];
        List<(int Index, JsonObject Member)> together = [];
        foreach (var (index, row) in request.Rows.Index())
        {
            var member = MemberOf(row, newStatus);
            if (row.ExternalId is { } id && IdOf(EmailOf(member)) != id)
            {
                // Members are known by their address; only this call changes it.
                results[index] = await MoveAsync(session, audience, id, member, cancellationToken);
            }
            else
            {
                together.Add((index, member));
            }
        }

        if (together.Count > 0)
        {
            var answer = (await session.SendAsync(
                ProviderRequest.PostJson($"/lists/{audience}", new { members = together.Select(item => item.Member), update_existing = true }) with { CanRepeat = true }, cancellationToken)).Json;
            var written = answer.ItemsAt("new_members").Concat(answer.ItemsAt("updated_members")).ToLookup(member => member.TextAt("email_address") ?? "", StringComparer.OrdinalIgnoreCase);
            var refused = answer.ItemsAt("errors").ToLookup(error => error.TextAt("email_address") ?? "", error => error.TextAt("error"), StringComparer.OrdinalIgnoreCase);
            foreach (var (index, member) in together)
            {
                var email = EmailOf(member);
                results[index] = written[email].Select(ResultOf).FirstOrDefault() ?? new WriteResult(null, refused[email].FirstOrDefault() ?? "Mailchimp did not say what became of it.");
            }
        }

        return results!;
    }

    private static async Task<WriteResult> MoveAsync(ProviderSession session, string audience, string id, JsonObject member, CancellationToken cancellationToken)
    {
        try
        {
            return ResultOf((await session.SendAsync(
                new ProviderRequest(HttpMethod.Patch, $"/lists/{audience}/members/{id}") { Content = () => System.Net.Http.Json.JsonContent.Create(member), CanRepeat = true }, cancellationToken)).Json);
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Refused)
        {
            return new WriteResult(null, fault.Message);
        }
    }

    private static WriteResult ResultOf(JsonElement member)
    {
        var row = RowOf(member, isArchived: false);
        return new WriteResult(row.Id) { Content = row.Content, UpdatedAt = row.UpdatedAt };
    }

    private static JsonObject MemberOf(OutgoingRow row, string newStatus)
    {
        var member = (JsonObject)row.Content.DeepClone();
        if (row.ExternalId is null)
        {
            member["status"] ??= newStatus;
        }

        // Note: an address that lacks one of these is refused, and the member with it.
        if (member["merge_fields"] is JsonObject fields && fields["ADDRESS"] is JsonObject address && _addressParts.Any(part => string.IsNullOrEmpty(address[part]?.ToString())))
        {
            fields.Remove("ADDRESS");
        }

        return member;
    }

    private static RemoteRow RowOf(JsonElement member, bool isArchived)
    {
        var isGone = isArchived || member.TextAt("status") == "archived";
        // Tags come with numbers, and are written without.
        var content = JsonObject.Create(member)!;
        content["tags"] = new JsonArray([.. member.ItemsAt("tags").Select(tag => JsonValue.Create(tag.TextAt("name")))]);
        return new RemoteRow(member.TextAt("id") ?? "", JsonSerializer.SerializeToElement(content), member.TextAt("last_changed") is { } time ? ValueForms.ReadTime(time) : null) { IsDeleted = isGone };
    }

    private static string EmailOf(JsonObject member) => member["email_address"]?.GetValue<string>() ?? "";

    [SuppressMessage("Security", "CA5351", Justification = "Mailchimp's ids are MD5.")]
    private static string IdOf(string email) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())));
}

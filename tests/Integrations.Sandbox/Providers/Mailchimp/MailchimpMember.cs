using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Mailchimp;

/// <summary>A member of an audience. Its id is the MD5 of its address, so there is none without an address, and no two with the same.</summary>
internal static class MailchimpMember
{
    private static readonly string[] _states = ["subscribed", "subscribed", "subscribed", "subscribed", "subscribed", "subscribed", "subscribed", "subscribed", "unsubscribed", "cleaned"];

    // Hashes that clients have used lead back to their rows at once; the first use of one looks through the table.
    private static readonly ConditionalWeakTable<DataTable, ConcurrentDictionary<string, int>> _seen = [];

    public static readonly string[] Fields =
    [
        "id", "email_address", "unique_email_id", "contact_id", "full_name", "web_id", "email_type", "status", "merge_fields", "timestamp_opt", "member_rating", "last_changed", "language",
        "vip", "location", "list_id", "tags_count", "tags",
    ];

    public static RowType Type { get; } = new("members", 10_000, RowIds.Numbers(600_000_001), static (writer, row) => Write(writer, row, Fields))
    {
        Key = row => row.SureEmail(),
        KeyIn = body => body.Text("email_address"),
        ContentId = (row => Hash(Email(row)), Find),
        Stamp = (body, row) =>
        {
            body["id"] = Hash(body["email_address"]!.GetValue<string>());
            body["web_id"] = Number(row);
            body["last_changed"] = row.Updated.IsoSeconds();
            body["full_name"] = $"{body["merge_fields"]?["FNAME"]} {body["merge_fields"]?["LNAME"]}".Trim();
            body["tags_count"] = body["tags"]?.AsArray().Count ?? 0;
        },
    };

    public static string Hash(string email)
    {
        Span<byte> hash = stackalloc byte[16];
#pragma warning disable CA5351 // The provider's ids are MD5.
        MD5.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant()), hash);
#pragma warning restore CA5351
        return Convert.ToHexStringLower(hash);
    }

    public static string Email(Row row) => row.Key ?? "";

    public static string Status(Row row) => row.Body is null ? row.Pick(_states, 90) : row.ToElement().Text("status") ?? "";

    public static JsonObject Blank(string email, DateTimeOffset now) => new()
    {
        ["email_address"] = email,
        ["unique_email_id"] = Hash(email)[..10],
        ["contact_id"] = Hash("contact " + email),
        ["email_type"] = "html",
        ["status"] = "subscribed",
        ["merge_fields"] = new JsonObject { ["FNAME"] = "", ["LNAME"] = "", ["ADDRESS"] = "", ["PHONE"] = "" },
        ["timestamp_opt"] = now.IsoSeconds(),
        ["member_rating"] = 2,
        ["language"] = "",
        ["vip"] = false,
        ["tags"] = new JsonArray(),
    };

    /// <param name="fields">Which of <see cref="Fields"/>.</param>
    public static void Write(Utf8JsonWriter writer, Row row, IReadOnlyList<string> fields)
    {
        if (row.Body is not null && fields.Count == Fields.Length)
        {
            row.WriteTo(writer);
            return;
        }

        var kept = row.Body is null ? default : row.ToElement();
        writer.WriteStartObject();
        foreach (var name in fields)
        {
            if (row.Body is null)
            {
                Write(writer, row, name);
            }
            else if (kept.TryGetProperty(name, out var value))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static Row? Find(DataTable table, string hash)
    {
        var seen = _seen.GetValue(table, static _ => new ConcurrentDictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        if (seen.TryGetValue(hash, out var index) && index < table.Snapshot.Total && table.RowAt(index) is var known && known.Id.Equals(hash, StringComparison.OrdinalIgnoreCase))
        {
            return known;
        }

        for (index = table.Snapshot.Total - 1; index >= 0; index--)
        {
            if (table.RowAt(index) is var row && row.Id.Equals(hash, StringComparison.OrdinalIgnoreCase))
            {
                seen[hash] = index;
                return row;
            }
        }

        return null;
    }

    private static long Number(Row row) => long.Parse(Type.Ids.Of(row.Table.Number, row.Index), CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, Row row, string name)
    {
        switch (name)
        {
            case "id":
                writer.WriteString(name, row.Id);
                break;
            case "web_id":
                writer.WriteNumber(name, Number(row));
                break;
            case "member_rating":
                writer.WriteAmount(name, 1 + (row.Hash(91) % 5), row);
                break;
            case "vip":
                writer.WriteBoolean(name, row.Hash(92) % 20 == 0);
                break;
            case "tags_count":
                writer.WriteNumber(name, 1);
                break;
            case "merge_fields":
                MergeFields(writer, row);
                break;
            case "location":
                writer.WriteStartObject(name);
                writer.WriteNumber("latitude", 0);
                writer.WriteNumber("longitude", 0);
                writer.WriteString("country_code", row.Place().Country);
                writer.WriteEndObject();
                break;
            case "tags":
                writer.WriteStartArray(name);
                writer.WriteStartObject();
                writer.WriteNumber("id", 1 + (row.Hash(93) % 3));
                writer.WriteString("name", (row.Hash(93) % 3) switch { 0 => "Customer", 1 => "Newsletter", _ => "Trade fair" });
                writer.WriteEndObject();
                writer.WriteEndArray();
                break;
            default:
                writer.WriteString(name, Value(row, name));
                break;
        }
    }

    private static void MergeFields(Utf8JsonWriter writer, Row row)
    {
        var (city, state, zip, country, _) = row.Place();
        writer.WriteStartObject("merge_fields");
        writer.WriteString("FNAME", row.FirstName() ?? "");
        writer.WriteString("LNAME", row.LastName() ?? "");
        writer.WriteText("PHONE", row.Phone(), row);
        writer.WriteStartObject("ADDRESS");
        writer.WriteString("addr1", row.Street());
        writer.WriteString("addr2", "");
        writer.WriteString("city", city);
        writer.WriteString("state", state);
        writer.WriteString("zip", zip);
        writer.WriteString("country", country);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string? Value(Row row, string name) => name switch
    {
        "email_address" => row.SureEmail(),
        "unique_email_id" => row.Id[..10],
        "contact_id" => Hash("contact " + row.SureEmail()),
        "full_name" => row.FullName() ?? "",
        "email_type" => "html",
        "status" => Status(row),
        "timestamp_opt" => row.Created.IsoSeconds(),
        "last_changed" => row.Updated.IsoSeconds(),
        "language" => "en",
        _ => "",
    };
}

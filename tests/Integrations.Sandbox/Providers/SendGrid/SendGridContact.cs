using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.SendGrid;

/// <summary>A marketing contact.</summary>
internal static class SendGridContact
{
    public static readonly string[] Writable =
    [
        "email", "first_name", "last_name", "phone_number_id", "external_id", "anonymous_id", "alternate_emails", "address_line_1", "address_line_2", "city", "state_province_region",
        "postal_code", "country", "phone_number", "whatsapp", "line", "facebook", "unique_name", "custom_fields",
    ];

    /// <summary>What exports have as columns.</summary>
    public static readonly string[] Columns =
    [
        "email", "first_name", "last_name", "phone_number", "external_id", "address_line_1", "address_line_2", "city", "state_province_region", "postal_code", "country", "contact_id",
        "created_at", "updated_at",
    ];

    public static object Definitions { get; } = new
    {
        custom_fields = new[] { new { id = "e1_T", name = "job_title", field_type = "Text" }, new { id = "e2_T", name = "company", field_type = "Text" } },
        reserved_fields = Writable[..^1].Select((name, at) => new { id = $"_rf{at + 2}_T", name, field_type = "Text" }).ToArray(),
    };

    public static RowType Type { get; } = new("contacts", 10_000, RowIds.Guids("sendgrid contact"), Write)
    {
        Key = row => row.SureEmail(),
        KeyIn = body => body.Text("email"),
        AliasIn = body => body.Text("external_id"),
        Stamp = (body, row) => (body["id"], body["created_at"], body["updated_at"]) = (row.Id, Time(row.Created), Time(row.Updated)),
    };

    public static JsonObject Blank() => new()
    {
        ["email"] = "",
        ["first_name"] = "",
        ["last_name"] = "",
        ["phone_number"] = "",
        ["external_id"] = "",
        ["address_line_1"] = "",
        ["address_line_2"] = "",
        ["city"] = "",
        ["state_province_region"] = "",
        ["postal_code"] = "",
        ["country"] = "",
        ["alternate_emails"] = new JsonArray(),
        ["list_ids"] = new JsonArray(),
        ["segment_ids"] = new JsonArray(),
        ["custom_fields"] = new JsonObject(),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, Row row)
    {
        var (city, state, zip, _, country) = row.Place();
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("email", row.SureEmail());
        writer.WriteString("first_name", row.FirstName() ?? "");
        writer.WriteString("last_name", row.LastName() ?? "");
        writer.WriteText("phone_number", row.Phone(), row);
        writer.WriteString("external_id", "");
        writer.WriteString("address_line_1", row.Street());
        writer.WriteString("address_line_2", "");
        writer.WriteString("city", city);
        writer.WriteString("state_province_region", state);
        writer.WriteString("postal_code", zip);
        writer.WriteString("country", country);
        writer.WriteStartArray("alternate_emails");
        writer.WriteEndArray();
        writer.WriteStartArray("list_ids");
        if (row.Hash(95) % 10 == 0)
        {
            writer.WriteStringValue(SendGridProvider.ListId(row.Table.Account.Account, "Newsletter"));
        }

        writer.WriteEndArray();
        writer.WriteStartArray("segment_ids");
        writer.WriteEndArray();
        writer.WriteStartObject("custom_fields");
        writer.WriteString("job_title", row.Title());
        writer.WriteString("company", row.Company());
        writer.WriteEndObject();
        writer.WriteString("created_at", Time(row.Created));
        writer.WriteString("updated_at", Time(row.Updated));
        writer.WriteEndObject();
    }
}

using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>Leads of each form, and the campaigns of the ad account.</summary>
internal static class FacebookTypes
{
    public const int FormsPerPage = 3;

    public static IReadOnlyList<RowType> All { get; } =
    [
        new("leads", 10_000, RowIds.Numbers(9_000_000_000_000), Lead),
        new("campaigns", 5, RowIds.Numbers(23_840_000_000_000_000), Campaign),
    ];

    public static string FormId(SandboxAccount account, int form) => account.Digits(string.Create(CultureInfo.InvariantCulture, $"form {form}"), 15);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);

    public static string CampaignName(Row row) => $"{row.Product()} {row.Created.Year}{(row.Revision > 0 ? " (renamed)" : "")}";

    private static void Campaign(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("name", CampaignName(row));
        writer.WriteString("status", row.IsDeleted ? "DELETED" : "ACTIVE");
        writer.WriteEndObject();
    }

    private static void Lead(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("created_time", Time(row.Created));
        writer.WriteString("form_id", FormId(row.Table.Account.Account, row.Table.Part));
        writer.WriteString("ad_id", RowIds.Numbers(23_850_000_000_000_000).Of(0, row.Index % 7));
        writer.WriteStartArray("field_data");
        Field(writer, "full_name", row.FullName());
        Field(writer, "email", row.Email());
        Field(writer, "phone_number", row.Phone());
        Field(writer, "company_name", row.Company());
        Field(writer, "city", row.Place().City);
        Field(writer, "how_did_you_hear_about_us?", row.Pick(Words.Titles, 110));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter writer, string name, string? value)
    {
        // A question that was not answered is not there.
        if (value is null)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteStartArray("values");
        writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Zoho;

/// <summary>A contact: the fields that were asked for, and always the id.</summary>
internal static class ZohoContact
{
    private const int LongestName = 80;

    private static readonly string[] _writable =
    [
        "First_Name", "Last_Name", "Email", "Secondary_Email", "Phone", "Mobile", "Title", "Department", "Account_Name", "Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip",
        "Mailing_Country", "Description", "Lead_Source",
    ];

    private static readonly string[] _all = [.. _writable, "id", "Full_Name", "Created_Time", "Modified_Time"];

    public static RowType Type { get; } = new("Contacts", 10_000, RowIds.Numbers(4_150_868_000_000_000_001), static (writer, row) => Write(writer, row, _all))
    {
        Key = row => row.Email(),
        KeyIn = body => body.Text("Email"),
        Stamp = (body, row) =>
        {
            body["id"] = row.Id;
            body["Full_Name"] = $"{body["First_Name"]} {body["Last_Name"]}".Trim();
            (body["Created_Time"], body["Modified_Time"]) = (row.Created.IsoSeconds(), row.Updated.IsoSeconds());
        },
    };

    public static string Name(Row row) => row.Body is null ? FullName(row) : row.ToElement().Text("Full_Name") ?? "";

    public static void Write(Utf8JsonWriter writer, Row row, IReadOnlyList<string> fields)
    {
        var kept = row.Body is null ? default : row.ToElement();
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        foreach (var name in fields.Where(name => name != "id"))
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
            else
            {
                writer.WriteNull(name);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>What is wrong with values to be written: the code, the message and the details. Null when nothing is.</summary>
    public static (string Code, string Message, object Details)? Fault(JsonObject values, bool isNew, int at)
    {
        if (isNew && string.IsNullOrEmpty(values["Last_Name"]?.ToString()))
        {
            return ("MANDATORY_NOT_FOUND", "required field not found", new { api_name = "Last_Name", json_path = $"$.data[{at}].Last_Name" });
        }

        foreach (var (name, value) in values)
        {
            if (name is "id" or "Account_Name" || value is null || !_writable.Contains(name, StringComparer.Ordinal))
            {
                // Note: names that the module does not have are ignored (unverified).
                continue;
            }

            if (value.GetValueKind() != JsonValueKind.String)
            {
                return ("INVALID_DATA", "invalid data", new { expected_data_type = name.Contains("Email", StringComparison.Ordinal) ? "email" : "text", api_name = name, json_path = $"$.data[{at}].{name}" });
            }

            var text = value.ToString();
            if (name.Contains("Email", StringComparison.Ordinal) && text.Length > 0 && (!text.Contains('@', StringComparison.Ordinal) || text.Any(char.IsWhiteSpace)))
            {
                return ("INVALID_DATA", "invalid data", new { expected_data_type = "email", api_name = name, json_path = $"$.data[{at}].{name}" });
            }

            if (name.EndsWith("_Name", StringComparison.Ordinal) && text.Length > LongestName)
            {
                return ("INVALID_DATA", "invalid data", new { maximum_length = LongestName, api_name = name, json_path = $"$.data[{at}].{name}" });
            }
        }

        return null;
    }

    public static Row Save(DataTable table, JsonObject values, Row? existing)
    {
        var body = existing is { } row ? row.ToObject() : [];
        foreach (var (name, value) in values.Where(value => _writable.Contains(value.Key, StringComparer.Ordinal)))
        {
            body[name] = value?.DeepClone();
        }

        return existing is { } old ? table.Replace(old, body) : table.Add(body, null);
    }

    private static void Write(Utf8JsonWriter writer, Row row, string name)
    {
        switch (name)
        {
            case "Account_Name":
                writer.WriteStartObject(name);
                writer.WriteString("name", row.Company());
                writer.WriteString("id", Type.Ids.Of(99, row.Index % 16));
                writer.WriteEndObject();
                break;
            case "Phone":
                writer.WriteText(name, row.Phone(), row);
                break;
            default:
                writer.WriteString(name, Value(row, name));
                break;
        }
    }

    private static string? Value(Row row, string name) => name switch
    {
        "First_Name" => row.FirstName(),
        // It is required, so a row without a name has its company's.
        "Last_Name" => row.LastName() ?? row.Company(),
        "Full_Name" => FullName(row),
        "Email" => row.Email(),
        "Mobile" => row.Mobile(),
        "Title" => row.Title(),
        "Department" => "Sales",
        "Mailing_Street" => row.Street(),
        "Mailing_City" => row.Place().City,
        "Mailing_State" => row.Place().State,
        "Mailing_Zip" => row.Place().Zip,
        "Mailing_Country" => row.Place().CountryName,
        "Created_Time" => row.Created.IsoSeconds(),
        "Modified_Time" => row.Updated.IsoSeconds(),
        _ => null,
    };

    private static string FullName(Row row) => row.FullName() ?? row.Company();
}

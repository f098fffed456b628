using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.HubSpot;

/// <summary>A contact: its properties are texts, and only those that were asked for are told.</summary>
internal static class HubSpotContact
{
    public const string Modified = "lastmodifieddate";

    private static readonly string[] _stages = ["subscriber", "lead", "marketingqualifiedlead", "opportunity", "customer"];

    public static readonly string[] Writable =
    [
        "email", "firstname", "lastname", "phone", "mobilephone", "company", "jobtitle", "website", "address", "city", "state", "zip", "country", "lifecyclestage",
    ];

    public static readonly string[] ByDefault = ["createdate", "email", "firstname", "hs_object_id", Modified, "lastname"];

    private static readonly string[] _all = [.. Writable, "createdate", "hs_object_id", Modified];

    public static RowType Type { get; } = new("contacts", 10_000, RowIds.Numbers(20_000_000_001), static (writer, row) => Write(writer, row, _all))
    {
        Key = row => row.Email(),
        KeyIn = body => body.GetProperty("properties").Text("email"),
        Stamp = (body, row) =>
        {
            body["id"] = row.Id;
            (body["createdAt"], body["updatedAt"], body["archived"]) = (row.Created.Iso(), row.Updated.Iso(), false);
            var properties = body["properties"]!.AsObject();
            (properties["createdate"], properties["hs_object_id"], properties[Modified]) = (row.Created.Iso(), row.Id, row.Updated.Iso());
        },
    };

    /// <param name="isNew">For answers of upsert, which tell.</param>
    public static void Write(Utf8JsonWriter writer, Row row, IReadOnlyList<string> names, bool? isNew = null)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteStartObject("properties");
        var kept = row.Body is null ? default : row.ToElement().GetProperty("properties");
        foreach (var name in names)
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
        writer.WriteString("createdAt", row.Created.Iso());
        writer.WriteString("updatedAt", row.Updated.Iso());
        writer.WriteBoolean("archived", row.IsDeleted);
        if (isNew is { } made)
        {
            writer.WriteBoolean("new", made);
        }

        writer.WriteEndObject();
    }

    public static JsonObject Blank(JsonObject properties) => new() { ["properties"] = Normal(properties) };

    /// <summary>As they are kept: all are texts, an empty one is no value, addresses are in lower case.</summary>
    public static JsonObject Normal(JsonObject properties)
    {
        var normal = new JsonObject();
        foreach (var (name, value) in properties)
        {
            var text = value switch
            {
                null => null,
                JsonValue one when one.GetValueKind() == JsonValueKind.String => one.GetValue<string>(),
                _ => value.ToJsonString(),
            };
            normal[name] = string.IsNullOrEmpty(text) ? null : name == "email" ? text.ToLowerInvariant() : text;
        }

        return normal;
    }

    private static void Write(Utf8JsonWriter writer, Row row, string name)
    {
        switch (name)
        {
            case "phone":
                writer.WriteText(name, row.Phone(), row);
                break;
            case "createdate":
                writer.WriteString(name, row.Created.Iso());
                break;
            case Modified:
                writer.WriteString(name, row.Updated.Iso());
                break;
            default:
                writer.WriteString(name, Value(row, name));
                break;
        }
    }

    private static string? Value(Row row, string name) => name switch
    {
        "email" => row.Email(),
        "firstname" => row.FirstName(),
        "lastname" => row.LastName(),
        "mobilephone" => row.Mobile(),
        "company" => row.Company(),
        "jobtitle" => row.Title(),
        "website" => row.Website(),
        "address" => row.Street(),
        "city" => row.Place().City,
        "state" => row.Place().State,
        "zip" => row.Place().Zip,
        "country" => row.Place().CountryName,
        "lifecyclestage" => row.Pick(_stages, 60),
        "hs_object_id" => row.Id,
        _ => null,
    };

    /// <summary>A date as searches have it: milliseconds, or a date in text.</summary>
    public static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : null;
}

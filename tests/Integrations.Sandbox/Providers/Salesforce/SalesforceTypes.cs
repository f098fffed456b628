using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Salesforce;

/// <summary>Salesforce's objects: flat, and only the fields that were asked for are told.</summary>
internal static class SalesforceTypes
{
    private static readonly Dictionary<string, string[]> _fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Contact"] =
        [
            "Id", "IsDeleted", "FirstName", "LastName", "Name", "Email", "Phone", "MobilePhone", "Title", "Department", "AccountId", "MailingStreet", "MailingCity", "MailingState",
            "MailingPostalCode", "MailingCountry", "CreatedDate", "LastModifiedDate", "SystemModstamp",
        ],
        ["Lead"] =
        [
            "Id", "IsDeleted", "FirstName", "LastName", "Name", "Email", "Phone", "MobilePhone", "Title", "Company", "Street", "City", "State", "PostalCode", "Country", "Status",
            "CreatedDate", "LastModifiedDate", "SystemModstamp",
        ],
        ["Product2"] = ["Id", "IsDeleted", "Name", "ProductCode", "Description", "IsActive", "CreatedDate", "LastModifiedDate", "SystemModstamp"],
    };

    private static readonly string[] _system = ["Id", "IsDeleted", "Name", "CreatedDate", "LastModifiedDate", "SystemModstamp"];

    public static IReadOnlyList<RowType> All { get; } =
    [
        new("Contact", 10_000, RowIds.Prefixed("003", 12, "AAA"), Write) { Key = row => row.Email(), KeyIn = body => body.Text("Email"), AliasIn = External, Stamp = Stamp },
        new("Lead", 1000, RowIds.Prefixed("00Q", 12, "AAA"), Write) { Key = row => row.Email(), KeyIn = body => body.Text("Email"), AliasIn = External, Stamp = Stamp },
        new("Product2", 10_000, RowIds.Prefixed("01t", 12, "AAA"), Write) { Key = row => row.Sku(), KeyIn = body => body.Text("ProductCode"), AliasIn = External, Stamp = Stamp },
    ];

    public static string? Canonical(string type) => _fields.Keys.FirstOrDefault(name => name.Equals(type, StringComparison.OrdinalIgnoreCase));

    public static IReadOnlyList<string> FieldsOf(string type) => _fields[type];

    /// <summary>The field as it is spelled; null when there is none. Fields of the organization's own end in __c.</summary>
    public static string? Field(string type, string name) => IsCustom(name) ? name : Array.Find(_fields[type], field => field.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static bool IsWritable(string type, string name) =>
        IsCustom(name) || (Field(type, name) is { } field && (type == "Product2" && field == "Name" || !_system.Contains(field, StringComparer.Ordinal)));

    public static bool IsCustom(string name) => name.EndsWith("__c", StringComparison.Ordinal) && name.Length > 3;

    /// <param name="fields">As they are spelled.</param>
    public static void Write(Utf8JsonWriter writer, Row row, IReadOnlyList<string> fields, string version)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("attributes");
        writer.WriteString("type", row.Table.Type);
        writer.WriteString("url", $"/services/data/{version}/sobjects/{row.Table.Type}/{row.Id}");
        writer.WriteEndObject();
        var kept = row.Body is null ? default : row.ToElement();
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
            else
            {
                writer.WriteNull(name);
            }
        }

        writer.WriteEndObject();
    }

    public static string? Value(Row row, string name)
    {
        if (row.Body is not null)
        {
            return row.ToElement().TryGetProperty(name, out var value) ? value.ToString() : null;
        }

        return name switch
        {
            "Id" => row.Id,
            "FirstName" => row.FirstName(),
            // It is required, so a row without a name has its company's.
            "LastName" => row.LastName() ?? row.Company(),
            "Name" => row.Table.Type == "Product2" ? row.Product() : row.FullName() ?? row.Company(),
            "Email" => row.Email(),
            "MobilePhone" => row.Mobile(),
            "Title" => row.Title(),
            "Department" => "Sales",
            "Company" => row.Company(),
            "Status" => "Open - Not Contacted",
            "MailingStreet" or "Street" => row.Street(),
            "MailingCity" or "City" => row.Place().City,
            "MailingState" or "State" => row.Place().State,
            "MailingPostalCode" or "PostalCode" => row.Place().Zip,
            "MailingCountry" or "Country" => row.Place().CountryName,
            "ProductCode" => row.Sku(),
            "Description" => row.Description(),
            "CreatedDate" => Time(row.Created),
            "LastModifiedDate" or "SystemModstamp" => Time(row.Updated),
            _ => null,
        };
    }

    private static string Time(DateTimeOffset time) => time.Iso()[..^1] + "+0000";

    private static void Write(Utf8JsonWriter writer, Row row, string name)
    {
        switch (name)
        {
            case "IsDeleted":
                writer.WriteBoolean(name, row.IsDeleted);
                break;
            case "IsActive":
                writer.WriteBoolean(name, true);
                break;
            case "Phone":
                writer.WriteText(name, row.Phone(), row);
                break;
            default:
                writer.WriteString(name, Value(row, name));
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, Row row) => Write(writer, row, _fields[row.Table.Type], "v60.0");

    private static string? External(JsonElement body) => body.EnumerateObject()
        .Where(property => IsCustom(property.Name) && property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(property => property.Value.ToString()).FirstOrDefault();

    private static void Stamp(JsonObject body, Row row)
    {
        body.Remove("attributes");
        (body["Id"], body["IsDeleted"]) = (row.Id, row.IsDeleted);
        (body["CreatedDate"], body["LastModifiedDate"], body["SystemModstamp"]) = (Time(row.Created), Time(row.Updated), Time(row.Updated));
        if (row.Table.Type != "Product2")
        {
            body["Name"] = $"{body["FirstName"]} {body["LastName"]}".Trim();
        }
    }
}

using System.Globalization;
using System.Text.Json;

namespace Integrations.Sandbox.Providers.Data;

internal static class DataWriting
{
    public static void WriteRows(this Utf8JsonWriter writer, string name, IEnumerable<Row> rows)
    {
        writer.WriteStartArray(name);
        foreach (var row in rows)
        {
            row.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    /// <summary>A text that a dirty row may have as a number.</summary>
    public static void WriteText(this Utf8JsonWriter writer, string name, string? value, Row row)
    {
        if (value is not null && row.Dirt == Dirt.NumberForText)
        {
            writer.WriteNumber(name, row.Hash(97));
        }
        else
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>A number that a dirty row may have as a text.</summary>
    public static void WriteAmount(this Utf8JsonWriter writer, string name, decimal value, Row row)
    {
        if (row.Dirt == Dirt.TextForNumber)
        {
            writer.WriteString(name, string.Create(CultureInfo.InvariantCulture, $"{value} or so"));
        }
        else
        {
            writer.WriteNumber(name, value);
        }
    }

    public static string Iso(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string IsoSeconds(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    public static string Day(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

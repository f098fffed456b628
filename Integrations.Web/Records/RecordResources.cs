using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Web.Api;

namespace Integrations.Web.Records;

/// <summary>Writes records as the API shows them: their fields, their counterparts at providers, and their times.</summary>
internal static class RecordResources
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One record under its type's name.</summary>
    public static IResult One(RecordRow row, int status = StatusCodes.Status200OK) => Json(status, writer =>
    {
        writer.WritePropertyName(row.Type.IsGeneric ? "record" : row.Type.Singular);
        Write(writer, row);
    });

    /// <summary>A list under the type's plural.</summary>
    public static IResult Many(RecordType type, IReadOnlyList<RecordRow> rows, string? nextCursor) => Json(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartArray(type.IsGeneric ? "records" : type.Name);
        foreach (var row in rows)
        {
            Write(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteString("nextCursor", nextCursor);
    });

    private static void Write(Utf8JsonWriter writer, RecordRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", RecordIds.Format(row.Type, row.Id));
        if (row.Fields["name"] is null && row.Type.Find("name") is not null)
        {
            writer.WriteString("name", row.Name);
        }

        RecordJson.WriteMembers(writer, row.Type, row.Fields);
        writer.WriteStartArray("external");
        foreach (var external in row.External)
        {
            writer.WriteStartObject();
            writer.WriteString("provider", external.Provider);
            writer.WriteString("id", external.Id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("createdAt", Time(row.CreatedAt));
        writer.WriteString("updatedAt", Time(row.UpdatedAt));
        writer.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static IResult Json(int status, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, _options))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success", true);
            write(writer);
            writer.WriteEndObject();
        }

        return Results.Text(buffer.WrittenSpan, "application/json; charset=utf-8", status);
    }
}

/// <summary>Up to 1,000 records, each with its <c>id</c> or found by the type's key: a contact's email, a product's sku, an invoice's number.</summary>
internal sealed record BulkRequest(IReadOnlyList<JsonElement> Items);

internal sealed record BulkItemResource(string? Id, BulkStatus Status, string? Error);

internal sealed record BulkAnswer(IReadOnlyList<BulkItemResource> Items) : Answer;

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Integrations.Web.Api;

/// <summary>JSON that is written as it was stored: a <see cref="JsonElement"/> would escape its texts anew and stumble over half surrogate pairs.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    public static RawJson From(string json) => new(Encoding.UTF8.GetBytes(json));

    public static RawJson? FromNullable(string? json) => json is null ? null : From(json);

    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}

using System.Text.Json;
using Integrations.Core.Events;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>An event as filters see it. Its data is parsed once, when the first filter asks for it.</summary>
internal sealed class FilterSubject(string type, ReadOnlyMemory<byte> data) : IDisposable
{
    private JsonDocument? _document;

    public string Type => type;

    /// <exception cref="JsonException">The data is no JSON.</exception>
    public JsonElement Data => (_document ??= JsonDocument.Parse(data)).RootElement;

    public static FilterSubject Of(StoredEvent item) => new(item.Type, item.Data);

    public void Dispose() => _document?.Dispose();
}

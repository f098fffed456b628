using System.Runtime.InteropServices;
using System.Text.Json;
using Integrations.Core.Events;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>An event as filters see it. Its data is parsed once, when the first filter asks for it.</summary>
internal sealed class FilterSubject(string type, ReadOnlyMemory<byte> data) : IDisposable
{
    // Filters run in the transaction that stores events: together they may look at this much of one, however often they look.
    private const int MaxBytesRead = 8 * 1024 * 1024;

    private JsonDocument? _document;
    private long _bytesRead;

    public string Type => type;

    /// <exception cref="JsonException">The data is no JSON.</exception>
    public JsonElement Data => (_document ??= JsonDocument.Parse(data)).RootElement;

    /// <summary>Counts a value that a filter reads.</summary>
    /// <exception cref="InvalidOperationException">The filters of the event read too much.</exception>
    public JsonElement Read(JsonElement value)
    {
        _bytesRead += JsonMarshal.GetRawUtf8Value(value).Length;
        return _bytesRead <= MaxBytesRead ? value : throw new InvalidOperationException("The filters read more of the event than they may.");
    }

    public static FilterSubject Of(StoredEvent item) => new(item.Type, item.Data);

    public void Dispose() => _document?.Dispose();
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>JSON written straight into a buffer that is used again: lists of rows are what syncs are measured with.</summary>
internal sealed class DataAnswer(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK, string type = "application/json; charset=utf-8") : IResult
{
    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = [];

    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static JsonSerializerOptions AsWritten { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!_buffers.TryTake(out var buffer))
        {
            buffer = new ArrayBufferWriter<byte>(64 * 1024);
        }

        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        var response = httpContext.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, type, buffer.WrittenCount);
        await response.Body.WriteAsync(buffer.WrittenMemory, httpContext.RequestAborted);
        buffer.ResetWrittenCount();
        _buffers.Add(buffer);
    }
}

using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Integrations.Core.Security;
using Microsoft.AspNetCore.Http.Metadata;

namespace Integrations.Web.Api;

/// <summary>Reads a JSON body so that whatever is wrong with it is told by field.</summary>
internal static class ApiBody
{
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <exception cref="Refusal">Not JSON, or a member is unknown or of the wrong type.</exception>
    /// <exception cref="BadHttpRequestException">Too large (413) or not <c>application/json</c> (415).</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        return Parse<T>(await ReadBytesAsync(context.Request, context.RequestAborted));
    }

    public static T Parse<T>(ReadOnlySpan<byte> bytes)
    {
        // A byte order mark is not JSON, but some clients send one.
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(bytes))
        {
            throw Refusal.Invalid(null, "The body is not valid UTF-8.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(bytes, ApiJson.Options) ?? throw Refusal.Invalid(null, "The body must not be null.");
        }
        catch (JsonException exception)
        {
            throw Explain(exception);
        }
    }

    public static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 1024));
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
            {
                throw TooLarge();
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static BadHttpRequestException TooLarge() => new("Too large.", StatusCodes.Status413PayloadTooLarge);

    private static Refusal Explain(JsonException exception)
    {
        var field = Field(exception.Path);
        if (exception.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return Refusal.Invalid(field, $"{field} is not known here. Check its spelling, or leave it out.");
        }

        if (exception.Message.Contains("Duplicate", StringComparison.Ordinal))
        {
            // Free JSON has no path; the message quotes the name.
            field ??= exception.Message.Split('\'') is [_, { Length: > 0 } name, ..] ? name : null;
            return Refusal.Invalid(field, $"{field ?? "A member"} stands twice.");
        }

        if (exception.Message.Contains("missing required", StringComparison.Ordinal))
        {
            return Refusal.Invalid(field, $"{field ?? "The body"} lacks a required member: {exception.Message[(exception.Message.LastIndexOf(':') + 1)..].Trim()}");
        }

        if (exception.InnerException is JsonException or null && exception.LineNumber is null)
        {
            return Refusal.Invalid(field, $"{field ?? "The body"} {exception.Message}");
        }

        // The reader's own faults have no converter behind them: the text is not JSON at all.
        return exception.InnerException is null || exception.InnerException.GetType().Name != "JsonReaderException"
            ? Refusal.Invalid(field, field is null ? "The body has the wrong type." : Wrong(field, exception))
            : Refusal.Invalid(null, $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
    }

    private static string Wrong(string field, JsonException exception) =>
        exception.Message.StartsWith("must ", StringComparison.Ordinal) ? $"{field} {exception.Message.Split(" Path:")[0]}" : $"{field} has the wrong type or may not be null.";

    private static string? Field(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];
}

/// <summary>A JSON body as an endpoint's parameter.</summary>
internal sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider
{
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context) => new(await ApiBody.ReadAsync<T>(context));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>A JSON body that may be left out: <see cref="Value"/> is null then.</summary>
internal sealed record OptionalBody<T>(T? Value) : IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<OptionalBody<T>?> BindAsync(HttpContext context)
    {
        // A body without a length is one that comes in chunks.
        var isEmpty = context.Request.ContentLength == 0 || (context.Request.ContentLength is null && context.Request.ContentType is null);
        return new(isEmpty ? null : await ApiBody.ReadAsync<T>(context));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace Integrations.Sandbox.Providers;

/// <summary>Bodies with their names exactly as written here, since every provider has a spelling of its own.</summary>
internal static class Answer
{
    private static readonly JsonSerializerOptions _asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult Json(object body, int status = StatusCodes.Status200OK, string type = "application/json; charset=utf-8") =>
        Results.Text(JsonSerializer.Serialize(body, _asWritten), type, statusCode: status);

    public static IResult Text(string body, int status = StatusCodes.Status200OK, string type = "text/plain; charset=utf-8") =>
        Results.Text(body, type, statusCode: status);

    public static IResult Status(int status) => Results.StatusCode(status);

    /// <summary>The object with a name that C# cannot write, such as <c>.tag</c>.</summary>
    public static Dictionary<string, object?> Tag(string tag, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { [".tag"] = tag };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }
}

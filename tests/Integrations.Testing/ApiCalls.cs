using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Integrations.Testing;

/// <summary>An answer of the REST API.</summary>
/// <param name="Body">Undefined when the answer was not JSON.</param>
public sealed record ApiReply(int Status, string? ContentType, string Text, JsonElement Body, HttpResponseHeaders Headers, IReadOnlyList<string> Allow)
{
    /// <summary>A member of the body by its path: <c>reply["webhook.id"]</c>.</summary>
    public JsonElement this[string path] => path.Split('.').Aggregate(Body, (element, name) => element.GetProperty(name));

    /// <summary>A text of the body by its path.</summary>
    public string String(string path) => this[path].GetString() ?? throw new InvalidOperationException($"{path} is null in {Text}");

    /// <summary>The fields of all faults of a problem.</summary>
    public IReadOnlyList<string?> Fields => [.. Body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString())];

    public string Error => String("error");

    public override string ToString() => $"{Status} {Text}";
}

/// <summary>Calls of the REST API with JSON in and out.</summary>
public static class ApiCalls
{
    public static Task<ApiReply> GetApiAsync(this HttpClient client, string path) => client.CallAsync(HttpMethod.Get, path);

    public static Task<ApiReply> PostApiAsync(this HttpClient client, string path, object? body = null) => client.CallAsync(HttpMethod.Post, path, body);

    public static Task<ApiReply> PatchApiAsync(this HttpClient client, string path, object body) => client.CallAsync(HttpMethod.Patch, path, body);

    public static Task<ApiReply> DeleteApiAsync(this HttpClient client, string path) => client.CallAsync(HttpMethod.Delete, path);

    /// <param name="body">A text is sent as it is, content too; anything else is written as JSON.</param>
    public static async Task<ApiReply> CallAsync(this HttpClient client, HttpMethod method, string path, object? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var type = response.Content.Headers.ContentType?.MediaType;
        return new ApiReply(
            (int)response.StatusCode, type, answer, type?.EndsWith("json", StringComparison.Ordinal) == true && answer.Length > 0 ? JsonElement.Parse(answer) : default, response.Headers,
            [.. response.Content.Headers.Allow]);
    }
}

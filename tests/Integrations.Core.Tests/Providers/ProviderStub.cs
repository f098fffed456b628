using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Tests.Providers;

/// <summary>A request as it reached the stub.</summary>
/// <param name="Target">Path and query, as sent.</param>
internal sealed record StubRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? this[string header] => Headers.GetValueOrDefault(header);

    public string Form(string name) => new FormReader(Text).ReadForm()[name].ToString();
}

/// <summary>What the stub answers: a status, a body, and headers as "Name: value".</summary>
internal sealed record StubAnswer(int Status, string Body = "", params string[] Headers)
{
    public string ContentType { get; init; } = "application/json";

    public static implicit operator StubAnswer(string json) => new(200, json);
}

/// <summary>A server on a real port that answers as a test says, in turn for each method and path, and keeps what it was sent. For single oddities; whole providers are the sandbox's.</summary>
internal sealed class ProviderStub : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<StubAnswer>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly WebApplication _app;

    private ProviderStub()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public static async Task<ProviderStub> StartAsync()
    {
        var stub = new ProviderStub();
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Adds answers to a request such as <c>GET /v1/balance</c>, whatever its query. The last one repeats.</summary>
    public ProviderStub Answer(string request, params StubAnswer[] answers)
    {
        var queue = _answers.GetOrAdd(request, _ => new());
        foreach (var answer in answers)
        {
            queue.Enqueue(answer);
        }

        return this;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue(new StubRequest(
            context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));

        var answer = Next($"{context.Request.Method} {context.Request.Path}");
        context.Response.StatusCode = answer.Status;
        foreach (var header in answer.Headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            context.Response.Headers.Append(header[..colon], header[(colon + 1)..].Trim());
        }

        if (answer.Body.Length > 0)
        {
            context.Response.ContentType = answer.ContentType;
            await context.Response.WriteAsync(answer.Body);
        }
    }

    private StubAnswer Next(string request)
    {
        if (!_answers.TryGetValue(request, out var queue) || !queue.TryPeek(out var answer))
        {
            return new StubAnswer(404, $$"""{"message":"The stub has no answer to {{request}}."}""");
        }

        if (queue.Count > 1)
        {
            queue.TryDequeue(out answer);
        }

        return answer!;
    }
}

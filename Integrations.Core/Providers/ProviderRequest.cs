using System.Net.Http.Json;

namespace Integrations.Core.Providers;

/// <summary>A request to a provider, before its credential is added. It can be made again, for another try.</summary>
/// <param name="Url">Absolute, or a path below the provider's API base.</param>
public sealed record ProviderRequest(HttpMethod Method, string Url)
{
    private static readonly HashSet<HttpMethod> _idempotent = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Put, HttpMethod.Delete];
    private readonly bool? _canRepeat;

    /// <summary>Makes the body, anew for each try.</summary>
    public Func<HttpContent>? Content { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>
    /// Whether it may be sent again when nobody knows if the first one arrived: by its method (RFC 9110, 9.2.2) unless the request says otherwise, for example
    /// because it carries an idempotency key or only reads.
    /// </summary>
    public bool CanRepeat
    {
        get => _canRepeat ?? _idempotent.Contains(Method);
        init => _canRepeat = value;
    }

    public static ProviderRequest Get(string url) => new(HttpMethod.Get, url);

    public static ProviderRequest PostJson(string url, object body) => new(HttpMethod.Post, url) { Content = () => JsonContent.Create(body) };

    public static ProviderRequest PostForm(string url, params IReadOnlyList<KeyValuePair<string, string>> form) => new(HttpMethod.Post, url) { Content = () => new FormUrlEncodedContent(form) };
}

namespace Integrations.Sandbox.Providers.OAuth;

/// <param name="Fault">Why it cannot be read; null when it can.</param>
internal sealed record TokenForm(IReadOnlyDictionary<string, string> Form, string? Fault)
{
    private static readonly string[] _secrets = ["client_secret", "code", "refresh_token", "code_verifier"];

    public static async Task<TokenForm> ReadAsync(HttpRequest request, bool queryIsRead)
    {
        if (queryIsRead && HttpMethods.IsGet(request.Method))
        {
            return Of(request.Query);
        }

        if (!request.HasMediaType("application/x-www-form-urlencoded"))
        {
            return Wrong("the body must be application/x-www-form-urlencoded");
        }

        if (_secrets.Any(request.Query.ContainsKey))
        {
            return Wrong("secrets belong in the body, not in the query");
        }

        return Of(await request.ReadFormAsync(request.HttpContext.RequestAborted));
    }

    private static TokenForm Of(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> pairs)
    {
        var all = pairs.ToList();
        return all.Exists(pair => pair.Value.Count > 1)
            ? Wrong("a parameter was sent twice")
            : new TokenForm(all.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), null);
    }

    private static TokenForm Wrong(string fault) => new(new Dictionary<string, string>(StringComparer.Ordinal), fault);
}

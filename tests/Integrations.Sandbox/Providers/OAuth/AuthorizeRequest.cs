namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>A request for consent that passed the checks, bound to the code that it will end in.</summary>
internal sealed record AuthorizeRequest(
    string ClientId, string RedirectUri, string State, IReadOnlyList<string> Scopes, string? Challenge, IReadOnlyDictionary<string, string> Parameters)
{
    public string? Parameter(string name) => Parameters.GetValueOrDefault(name);
}

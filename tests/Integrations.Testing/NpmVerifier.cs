using System.Text.Json;

namespace Integrations.Testing;

/// <summary>The verdicts of the libraries that receivers use.</summary>
public sealed record NpmVerdict(bool StandardWebhooks, bool Svix);

/// <summary>Asks the npm packages standardwebhooks and svix, in one Node process, whether they accept a webhook.</summary>
public sealed class NpmVerifier : IAsyncDisposable
{
    private static readonly string _folder = RepositoryFiles.Path("tests", "verifiers");
    private static readonly string[] _packages = ["standardwebhooks", "svix", "oidc-provider"];

    private readonly LineProcess _node;

    private NpmVerifier(LineProcess node) => _node = node;

    /// <summary>Why it cannot run on this machine; null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    public static NpmVerifier Start() => new(LineProcess.Start("node", ["verify-standard.mjs"], _folder));

    /// <summary>The headers are those of the request; names may be in any case.</summary>
    public async Task<NpmVerdict> VerifyAsync(
        string secret, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var answer = await _node.AskAsync(
            JsonSerializer.Serialize(new
            {
                secret,
                headers = headers.GroupBy(header => header.Key.ToLowerInvariant()).ToDictionary(header => header.Key, header => header.Last().Value),
                body = Convert.ToBase64String(body.Span),
            }),
            cancellationToken);
        return JsonSerializer.Deserialize<NpmVerdict>(answer, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("The verifier answered null.");
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static string? FindMissing()
    {
        if (Command.Find("node") is null)
        {
            return "Node.js is not installed.";
        }

        return Array.TrueForAll(_packages, package => Directory.Exists(Path.Combine(_folder, "node_modules", package))) ? null : "The packages of tests/verifiers are not installed (npm ci).";
    }
}

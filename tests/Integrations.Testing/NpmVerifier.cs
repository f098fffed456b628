using System.Diagnostics;
using System.Text.Json;

namespace Integrations.Testing;

/// <summary>The verdicts of the libraries that receivers use.</summary>
public sealed record NpmVerdict(bool StandardWebhooks, bool Svix);

/// <summary>Asks the npm packages standardwebhooks and svix, in one Node process, whether they accept a webhook.</summary>
public sealed class NpmVerifier : IAsyncDisposable
{
    private static readonly string _folder = RepositoryFiles.Path("tests", "verifiers");

    private readonly Process _node;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private NpmVerifier(Process node) => _node = node;

    /// <summary>Why it cannot run on this machine; null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    public static NpmVerifier Start()
    {
        var start = new ProcessStartInfo("node", ["verify-standard.mjs"])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new NpmVerifier(Process.Start(start)!);
    }

    /// <summary>The headers are those of the request; names may be in any case.</summary>
    public async Task<NpmVerdict> VerifyAsync(
        string secret, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var line = JsonSerializer.Serialize(new
        {
            secret,
            headers = headers.GroupBy(header => header.Key.ToLowerInvariant()).ToDictionary(header => header.Key, header => header.Last().Value),
            body = Convert.ToBase64String(body.Span),
        });

        // One line is answered by one line, so callers take turns.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _node.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
            await _node.StandardInput.FlushAsync(cancellationToken);
            var answer = await _node.StandardOutput.ReadLineAsync(cancellationToken)
                ?? throw new InvalidOperationException("The verifier ended without an answer.");
            return JsonSerializer.Deserialize<NpmVerdict>(answer, JsonSerializerOptions.Web)
                ?? throw new InvalidOperationException("The verifier answered null.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        await _node.WaitForExitAsync();
        _node.Dispose();
        _turn.Dispose();
    }

    private static string? FindMissing()
    {
        if (Command.Find("node") is null)
        {
            return "Node.js is not installed.";
        }

        return Directory.Exists(Path.Combine(_folder, "node_modules", "svix")) ? null : "The packages of tests/verifiers are not installed (npm ci).";
    }
}

using System.Text.Json;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Integrations.Web.Help;
using Microsoft.AspNetCore.Http;

namespace Integrations.Web.Tests.Help;

/// <summary>A sample of the help at work: what it says of a request.</summary>
internal sealed class SampleVerifier : IAsyncDisposable
{
    private readonly TempDirectory? _folder;
    private readonly LineProcess? _process;
    private readonly bool _ofKeyPair;

    private SampleVerifier(TempDirectory? folder, LineProcess? process, bool ofKeyPair) => (_folder, _process, _ofKeyPair) = (folder, process, ofKeyPair);

    /// <summary>Why the samples of a language cannot run on this machine; null when they can. tests/run.sh installs what is missing.</summary>
    public static string? Missing(string language) => Program(language) is not { } program || Command.Find(program) is not null ? null : $"{language} is not installed ({program}).";

    /// <param name="signatureHeader">The endpoint's name for the header with the hex signature.</param>
    public static Task<SampleVerifier> StartAsync(string language, string signatureHeader) =>
        StartAsync(VerifySample.All.Single(sample => sample.Language == language), signatureHeader);

    /// <summary>The sample for endpoints that sign by a key pair; its secret is the public key.</summary>
    public static Task<SampleVerifier> StartKeyPairAsync(string language) => StartAsync(VerifySample.KeyPair.Single(sample => sample.Language == language), WebhookOptions.DefaultSignatureHeader);

    private static async Task<SampleVerifier> StartAsync(VerifySample sample, string signatureHeader)
    {
        var language = sample.Language;
        if (Program(language) is not { } program)
        {
            return new SampleVerifier(null, null, VerifySample.KeyPair.Contains(sample));
        }

        TempDirectory folder = new();
        // As a receiver would have it: what the page shows, in a file of its own.
        var driver = "drive" + Path.GetExtension(sample.File);
        var target = language == VerifySample.Go.Language ? Directory.CreateDirectory(Path.Combine(folder.Path, "webhooks")).FullName : folder.Path;
        await File.WriteAllTextAsync(Path.Combine(target, "verify" + Path.GetExtension(sample.File)), sample.Code(signatureHeader) + "\n");
        File.Copy(RepositoryFiles.Path("tests", "verifiers", "samples", driver), Path.Combine(folder.Path, driver));
        if (language != VerifySample.Go.Language)
        {
            return new SampleVerifier(folder, LineProcess.Start(program, [driver], folder.Path), VerifySample.KeyPair.Contains(sample));
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "go.mod"), "module samples\n\ngo 1.18\n");
        if (VerifySample.KeyPair.Contains(sample))
        {
            // The program that drives it asks for this one too.
            await File.WriteAllTextAsync(
                Path.Combine(target, "hex.go"), "package webhooks\n\nimport \"net/http\"\n\nfunc IsGenuineHex([]byte, http.Header, string) bool { return false }\n");
        }

        // Nothing of this machine's set-up counts, nothing is fetched, and nothing stays behind.
        await Command.RunAsync(
            "env",
            ["-C", folder.Path, $"GOCACHE={Path.Combine(folder.Path, "cache")}", "GOFLAGS=-mod=mod", "GOPROXY=off", "CGO_ENABLED=0", program, "build", "-o", "drive", "."],
            folder.Path);
        return new SampleVerifier(folder, LineProcess.Start(Path.Combine(folder.Path, "drive"), [], folder.Path), VerifySample.KeyPair.Contains(sample));
    }

    /// <param name="hex">Ask of the hex header; else of Standard Webhooks.</param>
    public async Task<bool> AcceptsAsync(bool hex, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, string secret)
    {
        if (_process is null)
        {
            HeaderDictionary dictionary = new(headers.ToDictionary(header => header.Key, header => new Microsoft.Extensions.Primitives.StringValues(header.Value), StringComparer.OrdinalIgnoreCase));
            return _ofKeyPair ? Receiver.KeyPairSignature.IsGenuine(body.ToArray(), dictionary, secret)
                : hex
                ? Receiver.WebhookSignature.IsGenuineHex(body.ToArray(), dictionary, secret)
                : Receiver.WebhookSignature.IsGenuine(body.ToArray(), dictionary, secret);
        }

        return bool.Parse(await _process.AskAsync(JsonSerializer.Serialize(new
        {
            hex,
            secret,
            headers = headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
            body = Convert.ToBase64String(body.Span),
        })));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder?.Dispose();
    }

    // C# is compiled into these tests.
    private static string? Program(string language) => language switch
    {
        "C#" => null,
        "Node" => "node",
        // The system's own has the package that tests/run.sh installs; another one may come first in the path.
        "Python" => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3",
        "Go" => "go",
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "No test knows how to run it."),
    };
}

using Integrations.Core.Webhooks;

namespace Integrations.Web.Help;

/// <summary>
/// A program for receivers that verifies both signatures of a delivery. The files in Samples are what pages show, and what the tests run against real deliveries.
/// </summary>
/// <param name="Language">As people write it: <c>C#</c>.</param>
/// <param name="File">The name of the file in Samples.</param>
public sealed record VerifySample(string Language, string File)
{
    private readonly Lazy<string> _text = new(() => Read(File));

    public static VerifySample CSharp { get; } = new("C#", "Verify.cs");

    public static VerifySample Node { get; } = new("Node", "verify.mjs");

    public static VerifySample Python { get; } = new("Python", "verify.py");

    public static VerifySample Go { get; } = new("Go", "verify.go");

    public static IReadOnlyList<VerifySample> All { get; } = [CSharp, Node, Python, Go];

    /// <summary>For endpoints that sign by a key pair. In C# and Python they need a package.</summary>
    public static IReadOnlyList<VerifySample> KeyPair { get; } =
        [new("C#", "VerifyKeyPair.cs"), new("Node", "verify-key-pair.mjs"), new("Python", "verify_key_pair.py"), new("Go", "verify_key_pair.go")];

    /// <param name="signatureHeader">The endpoint's name for the header with the hex signature.</param>
    public string Code(string signatureHeader = WebhookOptions.DefaultSignatureHeader)
    {
        const string Default = WebhookOptions.DefaultSignatureHeader;
        // With its closing quote, so that the name of the second header stays.
        return _text.Value
            .Replace($"{Default}\"", $"{signatureHeader}\"", StringComparison.Ordinal)
            .Replace($"{Default.ToLowerInvariant()}\"", $"{signatureHeader.ToLowerInvariant()}\"", StringComparison.Ordinal)
            .Replace($"{Default.ToLowerInvariant()}'", $"{signatureHeader.ToLowerInvariant()}'", StringComparison.Ordinal);
    }

    private static string Read(string file)
    {
        using var stream = typeof(VerifySample).Assembly.GetManifestResourceStream($"samples/{file}") ?? throw new FileNotFoundException($"The sample {file} is not in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}

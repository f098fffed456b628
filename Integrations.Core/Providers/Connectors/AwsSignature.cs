using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Integrations.Core.Providers.Connectors;

/// <summary>
/// AWS Signature Version 4: proves that a request comes from who knows the secret key, without sending it
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal sealed class AwsSignature(string accessKey, string secretKey, string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The form in which <c>X-Amz-Date</c> and the signature have the time.</summary>
    public static string DateOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of the header <c>Authorization</c>.</summary>
    /// <param name="path">As it is sent, so already encoded once: it is signed with its percent signs encoded too.</param>
    /// <param name="query">As it is sent, without the question mark.</param>
    /// <param name="headers">Those to sign; host and x-amz-date must be among them.</param>
    public string Authorize(string method, string path, string query, IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        var date = headers["x-amz-date"];
        var scope = $"{date[..8]}/{region}/{service}/aws4_request";
        var (canonical, signed) = Canonical(method, path, query, headers, body);
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in (string[])[date[..8], region, service, "aws4_request", toSign])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return $"{Algorithm} Credential={accessKey}/{scope}, SignedHeaders={signed}, Signature={Hex(key)}";
    }

    /// <summary>The canonical request, and the names of the headers in it.</summary>
    internal static (string Request, string SignedHeaders) Canonical(string method, string path, string query, IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> body)
    {
        var sorted = headers.Select(header => (Name: header.Key.ToLowerInvariant(), Value: string.Join(' ', header.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))))
            .OrderBy(header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', sorted.Select(header => header.Name));
        var lines = string.Concat(sorted.Select(header => $"{header.Name}:{header.Value}\n"));
        return ($"{method}\n{CanonicalPath(path)}\n{CanonicalQuery(query)}\n{lines}\n{names}\n{Hex(SHA256.HashData(body))}", names);
    }

    private static string CanonicalPath(string path) => path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // Sorted by name, then value, by the bytes of what is encoded.
    private static string CanonicalQuery(string query) => string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Encode(pair[0]), Value: pair.Length > 1 ? Encode(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Encode(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

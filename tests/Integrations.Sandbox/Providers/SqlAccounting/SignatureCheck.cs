using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;

namespace Integrations.Sandbox.Providers.SqlAccounting;

/// <param name="IsViolation">False for keys that a user may have typed wrongly.</param>
internal sealed record SignatureFault(string Message, bool IsViolation);

internal sealed record SignedRequest(string AccessKey, SignatureFault? Fault);

/// <summary>Builds the signature anew from the request as it came, and compares.</summary>
internal sealed partial class SignatureCheck(TimeProvider time)
{
    // Newer clients agree on this pair (3p); the vendor's sample of 2025 has execute-api and ap-southeast-1.
    public const string Region = "ap-southeast-5";
    public const string Service = "sqlaccount";

    public async Task<SignedRequest> CheckAsync(HttpRequest request)
    {
        if (Form().Match(request.Headers.Authorization.ToString()) is not { Success: true } parts)
        {
            return Fault("", "Authorization header requires 'Credential' parameter, 'SignedHeaders' parameter and 'Signature' parameter, of AWS4-HMAC-SHA256.");
        }

        // The access key holds a slash itself: the scope is the last four parts.
        var credential = parts.Groups["credential"].Value.Split('/');
        if (credential.Length < 5)
        {
            return Fault("", "Credential must have at least 5 slash-delimited elements.");
        }

        var key = string.Join('/', credential[..^4]);
        var signedHeaders = parts.Groups["headers"].Value.Split(';');
        if (ScopeFault(request, credential[^4..], signedHeaders) is { } fault)
        {
            return Fault(key, fault);
        }

        if (key != SandboxKeys.SqlAccountingAccessKey)
        {
            return new SignedRequest(key, new SignatureFault("The security token included in the request is invalid.", IsViolation: false));
        }

        var body = await request.ReadBytesAsync();
        // Whoever answers reads it again.
        request.Body = new MemoryStream(body);
        var right = Sign(request, body, string.Join('/', credential[^4..]), credential[^4], signedHeaders);
        // A wrong secret cannot be told from a wrong signature. A test that signs with the right one sees by this that the signing is wrong.
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(right), Encoding.ASCII.GetBytes(parts.Groups["signature"].Value))
            ? new SignedRequest(key, null)
            : new SignedRequest(key, new SignatureFault(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", IsViolation: false));
    }

    private string? ScopeFault(HttpRequest request, string[] scope, string[] signedHeaders)
    {
        var date = request.Headers["X-Amz-Date"].ToString();
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent))
        {
            return "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        }

        if ((time.GetUtcNow() - sent).Duration() > TimeSpan.FromMinutes(15))
        {
            return $"Signature expired: {date} is not within 15 minutes of now.";
        }

        if (scope[0] != date[..8])
        {
            return $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scope[0]}' != '{date[..8]}'.";
        }

        if ((scope[1], scope[2], scope[3]) != (Region, Service, "aws4_request"))
        {
            return $"Credential should be scoped to a valid region and service: '{scope[1]}/{scope[2]}/{scope[3]}'.";
        }

        return !signedHeaders.Contains("host", StringComparer.Ordinal) || !signedHeaders.Contains("x-amz-date", StringComparer.Ordinal)
            ? "'host' and 'x-amz-date' must be in 'SignedHeaders'."
            : signedHeaders.SequenceEqual(signedHeaders.Order(StringComparer.Ordinal), StringComparer.Ordinal) && !signedHeaders.Any(name => name.Any(char.IsAsciiLetterUpper))
                ? null
                : "'SignedHeaders' must be in lower case and in order.";
    }

    private static string Sign(HttpRequest request, byte[] body, string scope, string date, string[] signedHeaders)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? raw : raw[..question];
        var headers = string.Concat(signedHeaders.Select(name => $"{name}:{Spaces().Replace(request.Headers[name].ToString().Trim(), " ")}\n"));
        var canonical = string.Join(
            '\n',
            request.Method,
            // Every service but S3 encodes the path a second time.
            string.Join('/', path.Split('/').Select(Uri.EscapeDataString)),
            Query(question < 0 ? "" : raw[(question + 1)..]),
            headers,
            string.Join(';', signedHeaders),
            Convert.ToHexStringLower(SHA256.HashData(body)));
        var text = $"AWS4-HMAC-SHA256\n{request.Headers["X-Amz-Date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";

        var key = Encoding.UTF8.GetBytes("AWS4" + SandboxKeys.SqlAccountingSecretKey);
        foreach (var part in (string[])[date, Region, Service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Query(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Encoded(pair[0]), Value: pair.Length == 2 ? Encoded(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static SignedRequest Fault(string key, string message) => new(key, new SignatureFault(message, IsViolation: true));

    [GeneratedRegex(
        "^AWS4-HMAC-SHA256 Credential=(?<credential>[^,]+), ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex(" +", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}

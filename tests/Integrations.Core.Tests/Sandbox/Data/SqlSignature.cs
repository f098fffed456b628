using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>Signs a request as SQL Accounting wants it, apart from the hub's own signing.</summary>
internal static class SqlSignature
{
    public static void Sign(HttpRequestMessage request, DateTimeOffset at, byte[] body, string? secret = null, string? accessKey = null, string service = "sqlaccount", Uri? signed = null)
    {
        var url = signed ?? request.RequestUri!;
        var time = at.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/ap-southeast-5/{service}/aws4_request";
        var query = string.Join('&', url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        var canonical = $"{request.Method}\n{url.AbsolutePath}\n{query}\nhost:{url.Authority}\nx-amz-date:{time}\n\nhost;x-amz-date\n{Hex(SHA256.HashData(body))}";
        var key = new[] { time[..8], "ap-southeast-5", service, "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + (secret ?? SandboxKeys.SqlAccountingSecretKey)), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        var signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}")));
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={accessKey ?? SandboxKeys.SqlAccountingAccessKey}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

using System.Buffers.Text;
using System.Text.Json;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Xero;

/// <summary>An access token with the claims of Xero's; a client reads <c>authentication_event_id</c> from it. The signature is a stand-in.</summary>
internal static class XeroToken
{
    public static string Make(Grant grant, string seed, string clientId, DateTimeOffset now)
    {
        var header = Part(new { alg = "RS256", kid = Mint.Hex(40, "xero", "kid").ToUpperInvariant(), typ = "JWT" });
        var claims = Part(new
        {
            nbf = now.ToUnixTimeSeconds(),
            exp = now.AddMinutes(30).ToUnixTimeSeconds(),
            iss = "https://identity.xero.com",
            aud = "https://identity.xero.com/resources",
            client_id = clientId,
            sub = grant.Account.Hex("user", 32),
            xero_userid = grant.Account.Guid("user"),
            authentication_event_id = XeroTenant.EventOf(grant),
            jti = Mint.Hex(32, seed, "jti"),
            scope = grant.Scopes,
        });
        return $"{header}.{claims}.{Mint.Letters(342, seed, "signature")}";
    }

    private static string Part(object claims) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
}

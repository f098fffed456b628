using System.Security.Cryptography;
using System.Text;
using Integrations.Core.Security;

namespace Integrations.Core.Organizations;

/// <summary>Guards <c>/setup</c>: only who can read the log may make the first organization. Another one at each start; gone with the first organization.</summary>
public sealed class SetupToken
{
    private readonly string _token = RandomToken.Base62(32);

    public string Text => _token;

    public bool Matches(string? given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(_token)));
}

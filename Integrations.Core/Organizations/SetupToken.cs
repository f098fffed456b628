using System.Security.Cryptography;
using System.Text;
using Integrations.Core.Security;

namespace Integrations.Core.Organizations;

/// <summary>Guards <c>/setup</c>: only who can read the log may make the first organization. The same on all nodes; useless once there is an organization.</summary>
public sealed class SetupToken
{
    private volatile string _token = RandomToken.Base62(32);

    public string Text => _token;

    /// <summary>Takes the token that another node made.</summary>
    internal void Use(string text) => _token = text;

    public bool Matches(string? given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(_token)));
}

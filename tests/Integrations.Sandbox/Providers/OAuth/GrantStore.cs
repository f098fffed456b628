using System.Globalization;

namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>Codes, grants and tokens of one provider. One lock: what a test asks about is as exact as the real thing.</summary>
internal sealed class GrantStore(string provider, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Grant> _grants = [];
    private readonly Dictionary<string, AuthorizationCode> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccessToken> _access = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RefreshToken> _refresh = new(StringComparer.Ordinal);
    private int _codesMade;
    private int _refreshes;

    public int Refreshes
    {
        get
        {
            lock (_gate)
            {
                return _refreshes;
            }
        }
    }

    public int Live
    {
        get
        {
            lock (_gate)
            {
                return _grants.Count(grant => grant is { IsKey: false, IsRevoked: false });
            }
        }
    }

    /// <summary>A key or token that users have without consenting here.</summary>
    public void AddKey(string value, SandboxAccount account, params IEnumerable<string> scopes)
    {
        lock (_gate)
        {
            var grant = new Grant(0, account, [.. scopes]) { IsKey = true };
            _grants.Add(grant);
            _access.Add(value, new AccessToken(value, grant, "key", null));
        }
    }

    public AuthorizationCode AddCode(AuthorizeRequest request, SandboxAccount account, TimeSpan lifetime)
    {
        lock (_gate)
        {
            var value = Mint.Letters(43, provider, "code", ++_codesMade);
            return _codes[value] = new AuthorizationCode(value, request, account, time.GetUtcNow() + lifetime);
        }
    }

    public AuthorizationCode? FindCode(string value)
    {
        lock (_gate)
        {
            return _codes.GetValueOrDefault(value);
        }
    }

    /// <summary>Whether this call is the one that uses the code. A second one takes back what the first was given.</summary>
    public bool TryUse(AuthorizationCode code, out Grant grant)
    {
        lock (_gate)
        {
            if (code.Grant is { } first)
            {
                first.IsRevoked = true;
                grant = first;
                return false;
            }

            grant = new Grant(_grants.Count + 1, code.Account, code.Request.Scopes);
            _grants.Add(grant);
            code.Grant = grant;
            return true;
        }
    }

    /// <param name="make">Gives the token its provider's form, from a seed that no other token has.</param>
    public AccessToken AddAccess(Grant grant, string kind, TimeSpan? lifetime, Func<string, string> make)
    {
        lock (_gate)
        {
            var token = new AccessToken(make(Seed(grant)), grant, kind, time.GetUtcNow() + lifetime);
            _access[token.Value] = token;
            return token;
        }
    }

    public RefreshToken AddRefresh(Grant grant, Func<string, string> make)
    {
        lock (_gate)
        {
            var token = new RefreshToken(make(Seed(grant)), grant);
            _refresh[token.Value] = token;
            return token;
        }
    }

    public AccessToken? FindAccess(string value)
    {
        lock (_gate)
        {
            return _access.GetValueOrDefault(value);
        }
    }

    public RefreshToken? FindRefresh(string value)
    {
        lock (_gate)
        {
            return _refresh.GetValueOrDefault(value);
        }
    }

    /// <summary>Whether the token may be traded in, and counts it.</summary>
    public RefreshVerdict TryRefresh(RefreshToken token, Rotation rotation, TimeSpan grace)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (token.Grant.IsRevoked)
            {
                return RefreshVerdict.Revoked;
            }

            if (token.RotatedAt is { } rotated && (rotation != Rotation.Grace || now - rotated > grace))
            {
                return RefreshVerdict.Reused;
            }

            if (rotation != Rotation.None)
            {
                token.RotatedAt ??= now;
            }

            _refreshes++;
            return RefreshVerdict.Good;
        }
    }

    /// <summary>For providers where an access token itself is renewed.</summary>
    public void CountRefresh()
    {
        lock (_gate)
        {
            _refreshes++;
        }
    }

    /// <summary>Revokes the grant of an access or refresh token that is still good.</summary>
    public bool TryRevoke(string value)
    {
        lock (_gate)
        {
            var grant = _refresh.GetValueOrDefault(value)?.Grant ?? _access.GetValueOrDefault(value)?.Grant;
            if (grant is null || grant.IsRevoked)
            {
                return false;
            }

            return grant.IsRevoked = true;
        }
    }

    public TokenVerdict Judge(AccessToken token)
    {
        lock (_gate)
        {
            return token.IsRevoked || token.Grant.IsRevoked ? TokenVerdict.Revoked
                : token.ExpiresAt <= time.GetUtcNow() ? TokenVerdict.Expired
                : TokenVerdict.Good;
        }
    }

    public void Revoke(Grant grant)
    {
        lock (_gate)
        {
            grant.IsRevoked = true;
        }
    }

    public void RevokeAll()
    {
        lock (_gate)
        {
            _grants.ForEach(grant => grant.IsRevoked = true);
        }
    }

    public void ExpireAccessTokens()
    {
        lock (_gate)
        {
            foreach (var token in _access.Values)
            {
                token.ExpiresAt = DateTimeOffset.MinValue;
            }
        }
    }

    public void RestoreKeys()
    {
        lock (_gate)
        {
            foreach (var token in _access.Values.Where(token => token.Grant.IsKey))
            {
                (token.Grant.IsRevoked, token.IsRevoked, token.ExpiresAt) = (false, false, null);
            }
        }
    }

    /// <summary>Every token of a grant, for the page that shows them.</summary>
    public IReadOnlyList<Grant> All()
    {
        lock (_gate)
        {
            return [.. _grants.Where(grant => !grant.IsKey)];
        }
    }

    private string Seed(Grant grant) => string.Create(CultureInfo.InvariantCulture, $"{provider}|{grant.Number}|{++grant.Minted}");
}

internal enum TokenVerdict
{
    Good,
    Expired,
    Revoked,
}

internal enum RefreshVerdict
{
    Good,
    Revoked,
    Reused,
}

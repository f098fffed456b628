namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>What somebody consented to, and the tokens that came of it.</summary>
internal sealed class Grant(int number, SandboxAccount account, IReadOnlyList<string> scopes)
{
    public int Number => number;

    public SandboxAccount Account => account;

    public IReadOnlyList<string> Scopes => scopes;

    public bool IsRevoked { get; set; }

    /// <summary>A key or a pasted token, which is there from the start.</summary>
    public bool IsKey { get; init; }

    /// <summary>How many tokens were made for it, so that each is another.</summary>
    public int Minted { get; set; }
}

internal sealed class AccessToken(string value, Grant grant, string kind, DateTimeOffset? expiresAt)
{
    public string Value => value;

    public Grant Grant => grant;

    /// <summary>Such as <c>user</c>, <c>page</c>, <c>short</c>.</summary>
    public string Kind => kind;

    public DateTimeOffset? ExpiresAt { get; set; } = expiresAt;

    public bool IsRevoked { get; set; }
}

internal sealed class RefreshToken(string value, Grant grant)
{
    public string Value => value;

    public Grant Grant => grant;

    public DateTimeOffset? RotatedAt { get; set; }
}

internal sealed class AuthorizationCode(string value, AuthorizeRequest request, SandboxAccount account, DateTimeOffset expiresAt)
{
    public string Value => value;

    public AuthorizeRequest Request => request;

    public SandboxAccount Account => account;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>What it was traded in for; a second time takes that back.</summary>
    public Grant? Grant { get; set; }
}

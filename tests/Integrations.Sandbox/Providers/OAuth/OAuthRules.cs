namespace Integrations.Sandbox.Providers.OAuth;

internal enum ClientAuth
{
    Body,
    Basic,
    BasicOrBody,
}

internal enum Rotation
{
    /// <summary>The refresh token stays.</summary>
    None,

    /// <summary>Every refresh gives a new one, and the old one is dead.</summary>
    SingleUse,

    /// <summary>Every refresh gives a new one, and the old one works for a while, since the answer may have been lost.</summary>
    Grace,
}

/// <summary>What differs between the providers' OAuth servers. Paths lie below the provider's prefix.</summary>
internal sealed record OAuthRules
{
    public required string AuthorizePath { get; init; }

    public required string TokenPath { get; init; }

    public required ClientAuth ClientAuth { get; init; }

    /// <summary>
    /// Whether S256 is understood. Note: a provider that knows nothing of PKCE may well ignore the parameters; none is known to (unverified), Nango turns PKCE off
    /// for them, and so they are refused here.
    /// </summary>
    public bool TakesPkce { get; init; }

    /// <summary>Any of these stands between scopes, one kind per request; empty for a provider without scopes.</summary>
    public string ScopeSeparators { get; init; } = " ";

    /// <summary>The scopes that the app may ask for.</summary>
    public IReadOnlyCollection<string> Scopes { get; init; } = [];

    public Rotation Rotation { get; init; }

    /// <summary>Null for access tokens that do not expire.</summary>
    public TimeSpan? AccessLifetime { get; init; }

    /// <summary>Also tells whether <c>redirect_uri</c> must be repeated when the code is traded in; where it need not be, it must still be the same when it is.</summary>
    public bool RedirectUriAtToken { get; init; } = true;

    /// <summary>Meta's token endpoint answers GET too.</summary>
    public bool TokenByGet { get; init; }

    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(30);
}

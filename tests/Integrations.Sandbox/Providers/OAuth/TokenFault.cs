namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>Why a token endpoint refuses; each provider has its own words for them.</summary>
internal enum TokenFault
{
    InvalidClient,
    InvalidGrant,
    TemporarilyUnavailable,

    /// <summary>The credentials came in a way that this provider does not read.</summary>
    WrongClientAuth,
    UsedCode,
    RedirectMismatch,
    BadVerifier,
    BadRefreshToken,
    UnsupportedGrantType,
    InvalidRequest,
    InvalidScope,
}

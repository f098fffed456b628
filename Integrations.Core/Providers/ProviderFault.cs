using System.Net;

namespace Integrations.Core.Providers;

/// <summary>Why a provider did not do what it was asked.</summary>
public enum ProviderFaultKind
{
    /// <summary>The credential is not good, or no longer.</summary>
    Unauthorized,

    /// <summary>The credential is good, but does not allow this.</summary>
    Forbidden,

    /// <summary>Too often; <see cref="ProviderFault.RetryAfter"/> may tell how long to wait.</summary>
    RateLimited,

    /// <summary>The provider is down, slow or cannot be reached; it may work later.</summary>
    Unavailable,

    /// <summary>The provider refused the request itself; the same request will be refused again.</summary>
    Refused,

    /// <summary>The consent has ended for good (<c>invalid_grant</c>): somebody must connect anew.</summary>
    GrantEnded,

    /// <summary>The provider does not accept the hub as its client (<c>invalid_client</c>): its OAuth client is set up wrongly.</summary>
    ClientRefused,
}

/// <summary>A provider's refusal or failure, in words for people. Never carries a secret or the body of the answer.</summary>
public sealed class ProviderFault(ProviderFaultKind kind, string message, HttpStatusCode? status = null, TimeSpan? retryAfter = null, Exception? cause = null) : Exception(message, cause)
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);

    public ProviderFaultKind Kind { get; } = kind;

    /// <summary>The status of the answer; null when none came.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>What the provider asked to wait; a day at most, since longer waits are its mistakes.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter > _longestWait ? _longestWait : retryAfter;

    /// <summary>The same, without secrets that the provider repeated in its words: what it says reaches logs, pages and events.</summary>
    internal ProviderFault Without(IEnumerable<string?> secrets)
    {
        const int ShortestSecret = 6;
        var words = secrets.OfType<string>().Where(secret => secret.Length >= ShortestSecret).Aggregate(Message, (text, secret) => text.Replace(secret, "[secret]", StringComparison.Ordinal));
        return ReferenceEquals(words, Message) ? this : new ProviderFault(Kind, words, Status, RetryAfter);
    }

    /// <summary>Whether the same may work later without anybody doing anything.</summary>
    public bool IsTransient => Kind is ProviderFaultKind.RateLimited or ProviderFaultKind.Unavailable;
}

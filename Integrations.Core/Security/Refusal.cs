namespace Integrations.Core.Security;

/// <summary>Why a request is refused; the REST API turns each into one status code.</summary>
public enum RefusalKind
{
    /// <summary>400: malformed.</summary>
    Invalid,

    /// <summary>403: the actor may not do this.</summary>
    Forbidden,

    /// <summary>404: not there, or another organization's.</summary>
    NotFound,

    /// <summary>409: conflicts with what is there.</summary>
    Conflict,

    /// <summary>422: understood, but refused.</summary>
    Unprocessable,

    /// <summary>429: too often; <see cref="Refusal.RetryAfter"/> tells when it may be tried again.</summary>
    TooMany,
}

/// <summary>One thing wrong with a request.</summary>
/// <param name="Field">The member of the request, as its path in JSON (<c>events[2].id</c>), or null for the whole.</param>
/// <param name="Message">What is wrong and what to do about it, in one or two sentences.</param>
public sealed record Fault(string? Field, string Message);

/// <summary>
/// A request that cannot be granted for a reason that its sender can understand and mend. Thrown by services, caught in exactly two places:
/// the REST API's exception handler and the forms of the pages, which show each fault at its field.
/// </summary>
public sealed class Refusal : Exception
{
    private Refusal(RefusalKind kind, IReadOnlyList<Fault> faults)
        : base(faults[0].Message)
    {
        Kind = kind;
        Faults = faults;
    }

    public RefusalKind Kind { get; }

    /// <summary>Everything that is wrong; at least one.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>The scope that was missing, for the answer's <c>WWW-Authenticate</c>.</summary>
    public string? MissingScope { get; private init; }

    /// <summary>How long to wait before the same may be tried again; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static Refusal Invalid(string? field, string message) => new(RefusalKind.Invalid, [new Fault(field, message)]);

    public static Refusal Invalid(IReadOnlyList<Fault> faults) => new(RefusalKind.Invalid, faults);

    public static Refusal Unprocessable(string? field, string message) => new(RefusalKind.Unprocessable, [new Fault(field, message)]);

    public static Refusal Unprocessable(IReadOnlyList<Fault> faults) => new(RefusalKind.Unprocessable, faults);

    /// <summary>The public id of what it conflicts with, when the sender wants to know it; null otherwise.</summary>
    public string? ConflictsWith { get; private init; }

    public static Refusal Conflict(string? field, string message, string? conflictsWith = null) => new(RefusalKind.Conflict, [new Fault(field, message)]) { ConflictsWith = conflictsWith };

    public static Refusal Forbidden(string message, string? missingScope = null) =>
        new(RefusalKind.Forbidden, [new Fault(null, message)]) { MissingScope = missingScope };

    public static Refusal TooMany(string message, TimeSpan retryAfter) => new(RefusalKind.TooMany, [new Fault(null, message)]) { RetryAfter = retryAfter };

    /// <param name="what">The thing with its article: "The webhook endpoint".</param>
    public static Refusal NotFound(string what) => new(RefusalKind.NotFound, [new Fault(null, $"{what} was not found.")]);
}

/// <summary>Collects everything wrong with a request, so that its sender hears it all at once.</summary>
public sealed class Faults
{
    private readonly List<Fault> _faults = [];

    public void Add(string? field, string message) => _faults.Add(new Fault(field, message));

    /// <summary>Adds a fault when a condition is true.</summary>
    public void AddIf(bool condition, string? field, string message)
    {
        if (condition)
        {
            Add(field, message);
        }
    }

    public bool Any => _faults.Count > 0;

    /// <exception cref="Refusal"><see cref="RefusalKind.Invalid"/>, when there is any fault.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Refusal.Invalid(_faults);
        }
    }
}

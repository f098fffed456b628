namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What one HTTP try came to.</summary>
internal sealed class AttemptResult
{
    /// <summary>Made with the try, so that it is stored once though it were written twice.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required AttemptOutcome Outcome { get; init; }

    public string? Error { get; init; }

    public required string RequestHeaders { get; init; }

    public int? ResponseStatus { get; init; }

    public string? ResponseHeaders { get; init; }

    public byte[]? ResponseBody { get; init; }

    public bool ResponseBodyCut { get; init; }

    /// <summary>How long the endpoint asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public AttemptConnection Connection { get; init; }

    public TimeSpan? FirstByte { get; init; }

    public required TimeSpan Total { get; init; }
}

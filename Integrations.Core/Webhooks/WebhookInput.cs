namespace Integrations.Core.Webhooks;

/// <summary>When failed tries are repeated: by a preset or by a list of one's own.</summary>
/// <param name="Preset"><c>standard</c> (after 2, 4, 8 and 16 s) or <c>extended</c> (nine more tries in three days).</param>
/// <param name="Delays">Seconds before the second, third … try; 0 to 15 of them, each 1 to 86,400.</param>
public sealed record RetryInput(string? Preset = null, IReadOnlyList<int>? Delays = null);

/// <summary>What a caller says of an endpoint. When one is changed, null leaves a member as it is.</summary>
public sealed record WebhookInput
{
    /// <summary>Absolute, https unless its address is on the allowed networks.</summary>
    public string? Url { get; init; }

    /// <summary>Types, families (<c>invoice.*</c>), <c>*</c> or aliases; at least one.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>The caller's own signing secret; taken at creation only.</summary>
    public string? Secret { get; init; }

    public string? Description { get; init; }

    /// <summary>Headers to add to every request; replaces all that were set.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>1 to 30; 10 when not given.</summary>
    public int? TimeoutSeconds { get; init; }

    public RetryInput? Retry { get; init; }

    /// <summary>The name of the header with the hex signature.</summary>
    public string? SignatureHeader { get; init; }

    /// <summary>An expression that an event has to meet to be delivered (<see cref="Filters.PayloadFilter"/>); an empty one takes the filter away.</summary>
    public string? Filter { get; init; }
}

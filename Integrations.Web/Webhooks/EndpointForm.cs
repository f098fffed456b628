using System.Globalization;
using Integrations.Core.Security;
using Integrations.Core.Webhooks;

namespace Integrations.Web.Webhooks;

/// <summary>A header of an endpoint's own, while it is typed.</summary>
public sealed class HeaderInput
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

/// <summary>An endpoint while it is typed; texts, because what is typed need not be right.</summary>
public sealed class EndpointForm
{
    public const string Standard = WebhookOptions.StandardRetry;
    public const string Extended = WebhookOptions.ExtendedRetry;
    public const string Custom = "custom";
    public const string SharedSecret = WebhookOptions.SharedSecret;
    public const string KeyPair = WebhookOptions.KeyPair;

    public string Url { get; set; } = "";

    public string Description { get; set; } = "";

    public IReadOnlyList<string> Events { get; set; } = [];

    public string Secret { get; set; } = "";

    /// <summary><c>hmac256</c> or <c>ed25519</c>.</summary>
    public string SignatureType { get; set; } = SharedSecret;

    public string TimeoutSeconds { get; set; } = "10";

    public string Retry { get; set; } = Standard;

    public string Delays { get; set; } = RetryWords.Text(WebhookOptions.StandardRetryDelays);

    public string SignatureHeader { get; set; } = WebhookOptions.DefaultSignatureHeader;

    /// <summary>Empty for no limit.</summary>
    public string RateLimit { get; set; } = "";

    /// <summary>Empty for the hub's default.</summary>
    public string MaxInFlight { get; set; } = "";

    /// <summary><c>none</c>, <c>block</c> or <c>skip</c>.</summary>
    public string Ordering { get; set; } = "none";

    public string SkipAfter { get; set; } = "5";

    public bool HasBreaker { get; set; }

    public string BreakerFailures { get; set; } = "10";

    public string BreakerSeconds { get; set; } = "60";

    public string Filter { get; set; } = "";

    /// <summary>The headers to set in place of all that are set, or null to leave those.</summary>
    public List<HeaderInput>? Headers { get; set; }

    public static EndpointForm From(WebhookDetail endpoint) => new()
    {
        Url = endpoint.Url,
        Description = endpoint.Description,
        Events = endpoint.Events,
        TimeoutSeconds = endpoint.TimeoutSeconds.ToString(CultureInfo.InvariantCulture),
        Retry = WebhookOptions.PresetOf(endpoint.RetryDelays) ?? Custom,
        Delays = RetryWords.Text(endpoint.RetryDelays),
        SignatureHeader = endpoint.SignatureHeader,
        SignatureType = endpoint.PublicKey is null ? SharedSecret : KeyPair,
        Filter = endpoint.Filter ?? "",
        Headers = endpoint.HeaderNames.Count > 0 ? null : [],
        RateLimit = Text(endpoint.RateLimitPerSecond),
        MaxInFlight = Text(endpoint.MaxInFlight),
        Ordering = endpoint.Ordering.ToString().ToLowerInvariant(),
        SkipAfter = Text(endpoint.OrderingSkipAfter ?? 5),
        HasBreaker = endpoint.CircuitFailures is not null,
        BreakerFailures = Text(endpoint.CircuitFailures ?? 10),
        BreakerSeconds = Text(endpoint.CircuitSeconds ?? 60),
    };

    /// <exception cref="Refusal">Something typed is not a number, or a header stands twice.</exception>
    public WebhookInput ToInput(bool isNew)
    {
        Faults faults = new();
        var delays = RetryWords.Parse(Delays);
        faults.AddIf(Retry == Custom && delays is null, "retry.delays", "Give the waits between the tries, such as 5, 30 s, 5 min, 2 h.");
        var timeout = Number(TimeoutSeconds, "timeoutSeconds", "Give a whole number of seconds from 1 to 30.", faults);
        var rate = RateLimit.Trim().Length == 0 ? 0 : Number(RateLimit, "rateLimitPerSecond", "Give a whole number of requests, or leave it empty for no limit.", faults);
        var inFlight = MaxInFlight.Trim().Length == 0 ? 0 : Number(MaxInFlight, "maxInFlight", "Give a whole number of requests, or leave it empty.", faults);
        int? skipAfter = Ordering == "skip" ? Number(SkipAfter, "ordering.skipAfter", "Give a whole number of failed tries.", faults) : null;
        var failures = HasBreaker ? Number(BreakerFailures, "circuitBreaker.failures", "Give a whole number of failed tries.", faults) : 0;
        int? seconds = HasBreaker ? Number(BreakerSeconds, "circuitBreaker.seconds", "Give a whole number of seconds.", faults) : null;
        var headers = Headers?.Where(header => header.Name.Trim().Length + header.Value.Trim().Length > 0).ToList();
        var twice = headers?.GroupBy(header => header.Name.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        faults.AddIf(twice is not null, "headers", $"The header {twice?.Key} stands twice.");
        faults.ThrowIfAny();
        return new WebhookInput
        {
            Url = Url.Trim(),
            Description = Description,
            Events = Events,
            Secret = isNew && SignatureType == SharedSecret && Secret.Length > 0 ? Secret : null,
            SignatureType = isNew ? SignatureType : null,
            TimeoutSeconds = timeout,
            Retry = Retry == Custom ? new RetryInput(Delays: delays) : new RetryInput(Retry),
            SignatureHeader = SignatureHeader.Trim().Length > 0 ? SignatureHeader.Trim() : WebhookOptions.DefaultSignatureHeader,
            RateLimitPerSecond = rate,
            MaxInFlight = inFlight,
            Ordering = new OrderingInput(Ordering, skipAfter),
            CircuitBreaker = new CircuitInput(failures, seconds),
            Filter = Filter,
            Headers = headers?.ToDictionary(header => header.Name.Trim(), header => header.Value.Trim(), StringComparer.OrdinalIgnoreCase),
        };
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static int Number(string text, string field, string problem, Faults faults)
    {
        var isNumber = int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        faults.AddIf(!isNumber, field, problem);
        return number;
    }
}

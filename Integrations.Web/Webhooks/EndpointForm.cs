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
    public const string Standard = "standard";
    public const string Extended = "extended";
    public const string Custom = "custom";

    public string Url { get; set; } = "";

    public string Description { get; set; } = "";

    public IReadOnlyList<string> Events { get; set; } = [];

    public string Secret { get; set; } = "";

    public string TimeoutSeconds { get; set; } = "10";

    public string Retry { get; set; } = Standard;

    public string Delays { get; set; } = RetryWords.Text(WebhookOptions.StandardRetryDelays);

    public string SignatureHeader { get; set; } = WebhookOptions.DefaultSignatureHeader;

    public string Filter { get; set; } = "";

    /// <summary>The headers to set in place of all that are set, or null to leave those.</summary>
    public List<HeaderInput>? Headers { get; set; }

    public static EndpointForm From(WebhookDetail endpoint) => new()
    {
        Url = endpoint.Url,
        Description = endpoint.Description,
        Events = endpoint.Events,
        TimeoutSeconds = endpoint.TimeoutSeconds.ToString(CultureInfo.InvariantCulture),
        Retry = endpoint.RetryDelays.SequenceEqual(WebhookOptions.StandardRetryDelays) ? Standard
            : endpoint.RetryDelays.SequenceEqual(WebhookOptions.ExtendedRetryDelays) ? Extended
            : Custom,
        Delays = RetryWords.Text(endpoint.RetryDelays),
        SignatureHeader = endpoint.SignatureHeader,
        Filter = endpoint.Filter ?? "",
        Headers = endpoint.HeaderNames.Count > 0 ? null : [],
    };

    /// <exception cref="Refusal">Something typed is not a number, or a header stands twice.</exception>
    public WebhookInput ToInput(bool isNew)
    {
        Faults faults = new();
        var delays = RetryWords.Parse(Delays);
        faults.AddIf(Retry == Custom && delays is null, "retry.delays", "Give the waits between the tries, such as 5, 30 s, 5 min, 2 h.");
        var isNumber = int.TryParse(TimeoutSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var timeout);
        faults.AddIf(!isNumber, "timeoutSeconds", "Give a whole number of seconds from 1 to 30.");
        var headers = Headers?.Where(header => header.Name.Trim().Length + header.Value.Trim().Length > 0).ToList();
        var twice = headers?.GroupBy(header => header.Name.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        faults.AddIf(twice is not null, "headers", $"The header {twice?.Key} stands twice.");
        faults.ThrowIfAny();
        return new WebhookInput
        {
            Url = Url.Trim(),
            Description = Description,
            Events = Events,
            Secret = isNew && Secret.Length > 0 ? Secret : null,
            TimeoutSeconds = timeout,
            Retry = Retry == Custom ? new RetryInput(Delays: delays) : new RetryInput(Retry),
            SignatureHeader = SignatureHeader.Trim().Length > 0 ? SignatureHeader.Trim() : WebhookOptions.DefaultSignatureHeader,
            Filter = Filter,
            Headers = headers?.ToDictionary(header => header.Name.Trim(), header => header.Value.Trim(), StringComparer.OrdinalIgnoreCase),
        };
    }
}

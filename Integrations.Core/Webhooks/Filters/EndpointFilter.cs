using System.Text.Json;
using Integrations.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>The filter of one endpoint, if it has one. One that cannot be read or evaluated lets everything pass: an event too many is better than one lost.</summary>
internal sealed class EndpointFilter
{
    private readonly Guid _endpointId;
    private readonly PayloadFilter? _filter;
    private readonly ILogger _log;

    public EndpointFilter(Guid endpointId, string? text, ILogger log)
    {
        _endpointId = endpointId;
        _log = log;
        if (text is null)
        {
            return;
        }

        _filter = PayloadFilter.Parse(text, out var fault);
        if (fault is not null)
        {
            WebhookLog.FilterNotRead(log, PublicId.Format(PublicId.WebhookEndpoint, endpointId), fault.Message);
        }
    }

    public bool LetsPass(FilterSubject subject)
    {
        try
        {
            return _filter is null || _filter.Matches(subject);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            WebhookLog.FilterNotEvaluated(_log, PublicId.Format(PublicId.WebhookEndpoint, _endpointId), subject.Type, exception);
            return true;
        }
    }
}

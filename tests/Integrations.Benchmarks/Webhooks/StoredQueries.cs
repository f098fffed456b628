using Integrations.Core.Webhooks;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Every filter that the deliveries' list offers, alone and together with others.</summary>
internal static class StoredQueries
{
    public static IReadOnlyDictionary<string, DeliveryFilter> All(Guid endpoint)
    {
        var (weekAgo, dayAgo) = (StoredFill.Now - TimeSpan.FromDays(7), StoredFill.Now - TimeSpan.FromDays(1));
        // Nearly all that is stored, so that rare deliveries still fill a page.
        var (start, end) = (StoredFill.Now - TimeSpan.FromDays(29), StoredFill.Now - TimeSpan.FromHours(1));
        DeliveryFilter all = new(endpoint);
        Dictionary<string, DeliveryFilter> filters = new(StringComparer.Ordinal)
        {
            ["no filter"] = all,
            ["common type"] = all with { EventType = StoredFill.CommonType },
            ["rare type"] = all with { EventType = StoredFill.RareType },
            ["type that is not there"] = all with { EventType = "custom.nothing" },
            ["family"] = all with { EventType = StoredFill.RareFamily },
            ["from"] = all with { From = dayAgo },
            ["to"] = all with { To = weekAgo },
            ["from and to"] = all with { From = weekAgo, To = dayAgo },
            ["failed, common type"] = all with { Status = DeliveryStatus.Failed, EventType = StoredFill.CommonType },
            ["failed, family"] = all with { Status = DeliveryStatus.Failed, EventType = StoredFill.RareFamily },
            ["failed, from and to"] = all with { Status = DeliveryStatus.Failed, From = start, To = end },
            ["delivered, rare type"] = all with { Status = DeliveryStatus.Delivered, EventType = StoredFill.RareType },
            ["delivered, rare type, from"] = all with { Status = DeliveryStatus.Delivered, EventType = StoredFill.RareType, From = start },
            ["rare type, from and to"] = all with { EventType = StoredFill.RareType, From = start, To = end },
        };
        foreach (var status in Enum.GetValues<DeliveryStatus>())
        {
            filters[status.ToString().ToLowerInvariant()] = all with { Status = status };
        }

        return filters;
    }
}

using Integrations.Core.Storage;
using Integrations.Core.Webhooks;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>What a list of deliveries is asked for.</summary>
internal sealed record StoredQuery(DeliveryFilter Filter, PageRequest Page);

/// <summary>Every filter that the deliveries' list offers, alone and together with others.</summary>
internal static class StoredQueries
{
    public static IReadOnlyDictionary<string, StoredQuery> All(Guid endpoint, int rows)
    {
        var (weekAgo, dayAgo) = (StoredFill.Now - TimeSpan.FromDays(7), StoredFill.Now - TimeSpan.FromDays(1));
        // Nearly all that is stored, so that rare deliveries still fill a page.
        var (start, end) = (StoredFill.Now - TimeSpan.FromDays(29), StoredFill.Now - TimeSpan.FromHours(1));
        DeliveryFilter all = new(endpoint);
        PageRequest page = new(rows);
        Dictionary<string, StoredQuery> filters = new(StringComparer.Ordinal)
        {
            ["no filter"] = new(all, page),
            ["common type"] = new(all with { EventType = StoredFill.CommonType }, page),
            ["rare type"] = new(all with { EventType = StoredFill.RareType }, page),
            ["type that is not there"] = new(all with { EventType = "custom.nothing" }, page),
            ["family"] = new(all with { EventType = StoredFill.RareFamily }, page),
            ["from"] = new(all, page with { From = dayAgo }),
            ["to"] = new(all, page with { To = weekAgo }),
            ["from and to"] = new(all, page with { From = weekAgo, To = dayAgo }),
            ["failed, common type"] = new(all with { Status = DeliveryStatus.Failed, EventType = StoredFill.CommonType }, page),
            ["failed, family"] = new(all with { Status = DeliveryStatus.Failed, EventType = StoredFill.RareFamily }, page),
            ["failed, from and to"] = new(all with { Status = DeliveryStatus.Failed }, page with { From = start, To = end }),
            ["delivered, rare type"] = new(all with { Status = DeliveryStatus.Delivered, EventType = StoredFill.RareType }, page),
            ["delivered, rare type, from"] = new(all with { Status = DeliveryStatus.Delivered, EventType = StoredFill.RareType }, page with { From = start }),
            ["rare type, from and to"] = new(all with { EventType = StoredFill.RareType }, page with { From = start, To = end }),
        };
        foreach (var status in Enum.GetValues<DeliveryStatus>())
        {
            filters[status.ToString().ToLowerInvariant()] = new(all with { Status = status }, page);
        }

        return filters;
    }
}

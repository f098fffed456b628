using System.Text;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Fills a hub with the history of a month: nearly all delivered, a few in every other state, one common event type, and many rare ones.</summary>
internal static class StoredFill
{
    public const string CommonType = "custom.benchmark_common";
    public const string RareType = "custom.rare.benchmark_3";
    public const string RareFamily = "custom.rare.*";
    // Few, so that each list fills a page even where little is stored.
    public const int Endpoints = 2;
    private const int Lot = 10_000;

    private const string EventSql =
        """
        INSERT INTO "Events" ("Id", "OrganizationId", "Type", "Timestamp", "CreatedAt", "Data", "Source", "DeliveryCount") VALUES ($1, $2, $3, $4, $4, $5, $6, 1)
        """;

    private const string DeliverySql =
        """
        INSERT INTO "WebhookDeliveries" ("Id", "OrganizationId", "EndpointId", "EventId", "EventType", "Status", "Trigger", "AttemptCount", "PlanStep", "NextAttemptAt",
          "CreatedAt", "CompletedAt", "ResponseStatus", "Error", "IsBlocking")
        VALUES ($1, $2, $3, $4, $5, $6, 0, 1, 1, $7, $8, $9, 200, $10, 0 = 1)
        """;

    private const string AttemptSql =
        """
        INSERT INTO "WebhookAttempts" ("Id", "OrganizationId", "DeliveryId", "Number", "StartedAt", "Outcome", "RequestHeaders", "ResponseStatus", "ResponseHeaders", "ResponseBody",
          "ResponseBodyCut", "ConnectionReused", "TotalMicroseconds")
        VALUES ($1, $2, $3, 1, $4, 0, $5, 200, $5, $6, 0 = 1, 1 = 1, 1500)
        """;

    private static readonly byte[] _data = Encoding.UTF8.GetBytes("""{"invoiceId":"invoice-123"}""");
    private static readonly string _headers = $$"""{"webhook-signature":"{{new string('x', 300)}}"}""";

    public static DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>Stores this many deliveries, with an event and a try for each, over the thirty days before now.</summary>
    public static async Task RunAsync(HubUnderTest hub, IReadOnlyList<Guid> endpoints, int count)
    {
        var writer = hub.Services.GetRequiredService<IGroupWriter>();
        var organization = hub.Actor.OrganizationId!.Value;
        var first = Now - TimeSpan.FromDays(30);
        for (var from = 0; from < count; from += Lot)
        {
            var rows = Enumerable.Range(from, Math.Min(Lot, count - from)).Select(number => Row.Make(number, count, endpoints, first + (TimeSpan.FromDays(30) * ((double)number / count)))).ToList();
            await writer.WriteAsync(
                async session =>
                {
                    await session.ExecuteManyAsync(EventSql, rows, (bind, row) => bind.Add(row.EventId).Add(organization).Add(row.Type).Add(row.At).Add(_data).Add("benchmark"));
                    await session.ExecuteManyAsync(DeliverySql, rows, (bind, row) => bind
                        .Add(row.Id).Add(organization).Add(row.Endpoint).Add(row.EventId).Add(row.Type).Add((long)row.Status).Add(row.NextAttemptAt).Add(row.At)
                        .Add(row.NextAttemptAt is null ? row.At : (DateTimeOffset?)null).Add(row.Status == DeliveryStatus.Failed ? "The endpoint answered 500." : null));
                    await session.ExecuteManyAsync(AttemptSql, rows, (bind, row) => bind.Add(row.AttemptId).Add(organization).Add(row.Id).Add(row.At).Add(_headers).Add(_data));
                    return true;
                },
                CancellationToken.None);
        }

        await using var db = hub.Services.GetRequiredService<HubDbContextFactory>().Create(hub.Actor);
        await db.Database.ExecuteSqlRawAsync("ANALYZE");
    }

    private sealed record Row(Guid Id, Guid EventId, Guid AttemptId, Guid Endpoint, string Type, DeliveryStatus Status, DateTimeOffset At)
    {
        // Long after the measurement, so that the dispatcher leaves them alone.
        public DateTimeOffset? NextAttemptAt => Status is DeliveryStatus.Pending or DeliveryStatus.Retrying ? Now + TimeSpan.FromDays(1) : null;

        public static Row Make(int number, int count, IReadOnlyList<Guid> endpoints, DateTimeOffset at)
        {
            var turn = number / endpoints.Count;
            var status = (turn % 100) switch
            {
                11 => DeliveryStatus.Pending,
                53 => DeliveryStatus.Retrying,
                74 or 75 => DeliveryStatus.Failed,
                96 => DeliveryStatus.Discarded,
                _ => DeliveryStatus.Delivered,
            };
            var type = turn % 10 == 5 ? $"custom.rare.benchmark_{turn / 10 % 20}" : CommonType;
            return new Row(TimeOrderedId.New(at), TimeOrderedId.New(at), TimeOrderedId.New(at), endpoints[number % endpoints.Count], type, status, at);
        }
    }
}

using Integrations.Benchmarks.Webhooks;
using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Benchmarks.Connections;

/// <summary>Fills a hub with organizations that have connections, with calls of a day each, and OAuth clients of their own.</summary>
internal static class CatalogueFill
{
    private const int Lot = 250;
    private const int Hours = 6;

    public static IReadOnlyList<string> Providers { get; } = ["stripe", "xero", "slack", "mailchimp"];

    /// <returns>A connection of the hub's own organization, which is one of so many.</returns>
    public static async Task<Guid> RunAsync(HubUnderTest hub, int organizations)
    {
        var now = TimeProvider.System.GetUtcNow();
        var contexts = hub.Services.GetRequiredService<HubDbContextFactory>();
        var own = Guid.Empty;
        for (var from = 0; from < organizations; from += Lot)
        {
            await using var db = contexts.Create(Actor.System("benchmark"));
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var number = from; number < Math.Min(from + Lot, organizations); number++)
            {
                // In the middle, as any other.
                var isOwn = number == organizations / 2;
                var organization = isOwn ? hub.Actor.OrganizationId!.Value : TimeOrderedId.New(now);
                if (!isOwn)
                {
                    db.Organizations.Add(new Organization { Id = organization, Name = $"Organization {number}", Slug = $"organization-{number}", CreatedAt = now });
                }

                var connections = Providers.Select(provider => Make(organization, provider, now)).ToList();
                db.Connections.AddRange(connections);
                db.ProviderCallHours.AddRange(connections.SelectMany(connection => Enumerable.Range(1, Hours).Select(hour => Calls(connection, now.AddHours(-hour)))));
                db.OrganizationClients.Add(new OrganizationClient { Id = TimeOrderedId.New(now), OrganizationId = organization, Provider = "xero", ClientId = "client", Secret = [1], UpdatedAt = now });
                own = isOwn ? connections[0].Id : own;
            }

            await db.SaveChangesAsync();
        }

        await using var last = contexts.Create(Actor.System("benchmark"));
        await last.Database.ExecuteSqlRawAsync("ANALYZE");
        return own;
    }

    private static Connection Make(Guid organization, string provider, DateTimeOffset now) => new()
    {
        Id = TimeOrderedId.New(now),
        OrganizationId = organization,
        Provider = provider,
        Name = provider,
        Status = ConnectionStatus.Connected,
        StatusSince = now,
        AuthMode = AuthMode.ApiKey,
        AccountId = "account",
        AccountName = "Account",
        Permissions = ["read:contacts"],
        Credential = new byte[300],
        ConnectedAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };

    private static ProviderCallHour Calls(Connection connection, DateTimeOffset since) => new()
    {
        OrganizationId = connection.OrganizationId,
        ConnectionId = connection.Id,
        Since = since,
        Calls = 10,
        Errors = 1,
        Throttled = 0,
        Milliseconds = 1000,
    };
}

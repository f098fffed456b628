using System.Security.Cryptography;
using Integrations.Core.Audit;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Connections;

/// <summary>Where a provider's OAuth client comes from.</summary>
public enum ClientOrigin
{
    /// <summary>There is none: the provider cannot be connected by consent.</summary>
    None,

    /// <summary>The hub's configuration or environment.</summary>
    Configuration,

    /// <summary>The organization's Owner entered it.</summary>
    Organization,
}

/// <summary>The OAuth client of a provider as pages show it; never the secret.</summary>
/// <param name="RedirectUri">What has to be registered at the provider, exactly.</param>
public sealed record OAuthClientRow(string Provider, string Name, ClientOrigin Origin, string? ClientId, string RedirectUri, DateTimeOffset? UpdatedAt);

/// <summary>The hub's OAuth clients at the providers: those of the configuration, and those that an organization entered, which go first.</summary>
public sealed class OAuthClients(
    HubDbContextFactory contexts, ConnectorCatalog catalog, ProviderDirectory directory, CredentialVault vault, AuditLog audit, IGroupWriter writer, IHubAddress address, TimeProvider time,
    ILogger<OAuthClients> log)
{
    private const int MaxLength = 512;

    /// <summary>The one redirect URI of a provider.</summary>
    public string RedirectUri(Connector connector) => $"{address.PublicUrl}/api/integrations/oauth/{connector.Info.Key}/callback";

    /// <summary>Every provider that is connected by consent.</summary>
    public async Task<IReadOnlyList<OAuthClientRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsRead);
        await using var db = contexts.Create(actor);
        var own = await db.OrganizationClients.AsNoTracking().ToDictionaryAsync(client => client.Provider, StringComparer.Ordinal, cancellationToken);
        return [.. catalog.All.Where(connector => connector.OAuth is not null).Select(connector => Row(connector, own.GetValueOrDefault(connector.Info.Key)))];
    }

    /// <summary>Enters an organization's own client.</summary>
    /// <exception cref="Refusal">No such provider, or malformed.</exception>
    public async Task SetAsync(Actor actor, string provider, string? clientId, string? secret, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ProvidersWrite);
        var connector = WithOAuth(provider);
        (clientId, secret) = (clientId?.Trim(), secret?.Trim());
        Faults faults = new();
        await using var db = contexts.Create(actor);
        var client = await db.OrganizationClients.FirstOrDefaultAsync(row => row.Provider == connector.Info.Key, cancellationToken);
        faults.AddIf(clientId is not { Length: > 0 and <= MaxLength }, "clientId", $"clientId is required: 1 to {MaxLength} characters, as {connector.Info.Name} shows it.");
        faults.AddIf(secret is not { Length: > 0 } && client is null, "clientSecret", "clientSecret is required.");
        faults.AddIf(secret?.Length > MaxLength, "clientSecret", $"clientSecret may have at most {MaxLength} characters.");
        faults.ThrowIfAny();
        var now = time.GetUtcNow();
        var before = client is null ? null : new { client.ClientId };
        if (client is null)
        {
            client = new OrganizationClient { Id = TimeOrderedId.New(now), OrganizationId = organization, Provider = connector.Info.Key, ClientId = clientId!, Secret = [], UpdatedAt = now };
            db.OrganizationClients.Add(client);
        }

        client.ClientId = clientId!;
        client.UpdatedAt = now;
        if (secret is { Length: > 0 })
        {
            client.Secret = vault.SealClientSecret(client, secret);
        }

        audit.Add(db, actor, organization, "provider.client_set", connector.Info.Key, connector.Info.Name, before, new { client.ClientId });
        await db.SaveChangesAsync(cancellationToken);
        await LookAgainAsync(actor, organization, connector, cancellationToken);
    }

    /// <summary>Takes an organization's own client away; the configuration's counts again.</summary>
    /// <exception cref="Refusal">No such provider, or it has none.</exception>
    public async Task RemoveAsync(Actor actor, string provider, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ProvidersWrite);
        var connector = WithOAuth(provider);
        await using var db = contexts.Create(actor);
        var client = await db.OrganizationClients.FirstOrDefaultAsync(row => row.Provider == connector.Info.Key, cancellationToken) ?? throw Refusal.NotFound("The OAuth client");
        db.OrganizationClients.Remove(client);
        audit.Add(db, actor, organization, "provider.client_removed", connector.Info.Key, connector.Info.Name, new { client.ClientId }, null);
        await db.SaveChangesAsync(cancellationToken);
        await LookAgainAsync(actor, organization, connector, cancellationToken);
    }

    /// <summary>The client with which an organization connects a provider; null when there is none, or when its secret cannot be opened any more and has to be entered again.</summary>
    internal async Task<OAuthClient?> FindAsync(Guid organization, Connector connector, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("connections", organization));
        var own = await db.OrganizationClients.AsNoTracking().FirstOrDefaultAsync(row => row.Provider == connector.Info.Key, cancellationToken);
        try
        {
            return own is null ? directory.ClientOf(connector) : new OAuthClient(own.ClientId, vault.OpenClientSecret(own));
        }
        catch (CryptographicException exception)
        {
            // Never the configuration's instead: what was granted to one client is refused to another.
            ConnectionLog.ClientUnreadable(log, connector.Info.Key, exception);
            return null;
        }
    }

    private OAuthClientRow Row(Connector connector, OrganizationClient? own)
    {
        var configured = directory.ClientOf(connector);
        return new OAuthClientRow(
            connector.Info.Key, connector.Info.Name, own is not null ? ClientOrigin.Organization : configured is not null ? ClientOrigin.Configuration : ClientOrigin.None,
            own?.ClientId ?? configured?.Id, RedirectUri(connector), own?.UpdatedAt);
    }

    private Connector WithOAuth(string provider) => catalog.Find(provider) is { OAuth: not null } connector ? connector : throw Refusal.NotFound("The provider");

    // A connection that failed for its client's sake may work now.
    private async Task LookAgainAsync(Actor actor, Guid organization, Connector connector, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        var now = time.GetUtcNow();
        await db.Connections.Where(row => row.Provider == connector.Info.Key && row.Status == ConnectionStatus.ConfigurationError)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.CheckAt, now), cancellationToken);
        await writer.SignalAsync(new HubSignal(HubSignalKind.ConnectionsChanged, organization), CancellationToken.None);
    }
}

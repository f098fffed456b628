using System.Security.Cryptography;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>
/// The way from a connection to its provider: opens the credential, renews it ahead of its end or when the provider refuses it, counts the calls, and writes down
/// when the provider no longer accepts the hub.
/// </summary>
public sealed class ProviderGateway(
    HubDbContextFactory contexts, ConnectorCatalog catalog, ProviderDirectory directory, ProviderPipeline pipeline, TokenRefresher refresher, CredentialVault vault, ConnectionStore store,
    CallRecorder recorder, TimeProvider time)
{
    // A token that ends while the request is under way would be refused.
    private static readonly TimeSpan _leastLife = TimeSpan.FromSeconds(60);

    private ProviderPipeline Pipeline { get; } = pipeline;

    private TokenRefresher Refresher { get; } = refresher;

    private CredentialVault Vault { get; } = vault;

    private CallRecorder Recorder { get; } = recorder;

    private TimeProvider Time { get; } = time;

    /// <summary>Opens a connection for calls.</summary>
    /// <param name="patience">How long to wait in all for a provider that asks to come back later; null for what a person waits.</param>
    /// <exception cref="Refusal">Not there, or not connected.</exception>
    public async Task<ProviderSession> OpenAsync(Actor actor, Guid id, TimeSpan? patience, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        var connection = await db.Connections.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The connection");
        return Open(connection, patience ?? TimeSpan.FromSeconds(10));
    }

    /// <exception cref="Refusal">The connection has no credential, or one that cannot be opened.</exception>
    internal ProviderSession Open(Connection connection, TimeSpan patience)
    {
        if (connection.Credential is null || connection.Status is ConnectionStatus.Pending or ConnectionStatus.Disconnected)
        {
            throw Refusal.Unprocessable(null, $"{connection.Name} is not connected.");
        }

        var connector = catalog.Find(connection.Provider) ?? throw Refusal.Unprocessable(null, $"The hub no longer knows the provider {connection.Provider}.");
        ProviderCredential credential;
        try
        {
            credential = Vault.OpenCredential(connection);
        }
        catch (CryptographicException)
        {
            throw Refusal.Unprocessable(null, $"The credential of {connection.Name} cannot be opened any more. Connect it again.");
        }

        Use use = new(this, connection);
        return new ProviderSession(connector, directory.UrlsOf(connector), connection.AuthMode, credential, use.SendAsync)
        {
            Facts = connection.Facts,
            Settings = connection.ProviderSettings,
            Patience = patience,
            Time = Time,
        };
    }

    /// <summary>A session for a credential that is only being tried.</summary>
    internal ProviderSession Try(Connector connector, AuthMode mode, ProviderCredential credential, IReadOnlyDictionary<string, string> facts, IReadOnlyDictionary<string, string> settings) =>
        new(connector, directory.UrlsOf(connector), mode, credential, (session, request, token) => Pipeline.SendAsync(Guid.Empty, session, request, null, token))
        {
            Facts = facts,
            Settings = settings,
            Time = Time,
        };

    /// <summary>One session's way through the pipeline.</summary>
    private sealed class Use(ProviderGateway gateway, Connection connection)
    {
        private Connection _connection = connection;

        public async Task<ProviderAnswer> SendAsync(ProviderSession session, ProviderRequest request, CancellationToken cancellationToken)
        {
            var canRefresh = _connection.AuthMode is AuthMode.OAuth2 or AuthMode.Token && session.Connector.OAuth is not null && session.Connector.CanRefresh(session.Credential);
            if (canRefresh && _connection.ExpiresAt is { } expiry && expiry - gateway.Time.GetUtcNow() < _leastLife)
            {
                await RefreshAsync(session, cancellationToken);
                canRefresh = false;
            }

            try
            {
                return await PassAsync(session, request, cancellationToken);
            }
            catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Unauthorized && canRefresh)
            {
                await RefreshAsync(session, cancellationToken);
            }
            catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Unauthorized)
            {
                await gateway.EndAsync(_connection, fault);
                throw;
            }

            try
            {
                return await PassAsync(session, request, cancellationToken);
            }
            catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Unauthorized)
            {
                await gateway.EndAsync(_connection, fault);
                throw;
            }
        }

        private Task<ProviderAnswer> PassAsync(ProviderSession session, ProviderRequest request, CancellationToken cancellationToken) =>
            gateway.Pipeline.SendAsync(_connection.Id, session, request, call => gateway.Recorder.Add(_connection.OrganizationId, _connection.Id, call), cancellationToken);

        private async Task RefreshAsync(ProviderSession session, CancellationToken cancellationToken)
        {
            if (_connection is { Status: ConnectionStatus.NeedsAuthorization, StatusReason: { } ended })
            {
                // The provider said so for good: only a person can mend it, and asking again may look like an attack.
                throw new ProviderFault(ProviderFaultKind.GrantEnded, ended);
            }

            if (_connection is { Failures: > 0, CheckAt: { } next, StatusReason: { } reason } && next > gateway.Time.GetUtcNow())
            {
                // It was tried a moment ago; the provider asked to be left alone, or it will be tried again soon.
                throw new ProviderFault(ProviderFaultKind.Unavailable, reason);
            }

            _connection = await gateway.Refresher.RefreshAsync(_connection, cancellationToken);
            session.Credential = gateway.Vault.OpenCredential(_connection);
        }
    }

    // The provider refuses a credential that cannot be renewed, or was renewed just now.
    private async Task EndAsync(Connection seen, ProviderFault fault)
    {
        var actor = Actor.System("provider calls", seen.OrganizationId);
        while (true)
        {
            await using var db = contexts.Create(actor);
            var row = await db.Connections.AsNoTracking().FirstOrDefaultAsync(connection => connection.Id == seen.Id);
            if (row?.Credential is null || !row.Credential.AsSpan().SequenceEqual(seen.Credential) || row.Status is ConnectionStatus.NeedsAuthorization or ConnectionStatus.Disconnected)
            {
                return;
            }

            var before = row.Status;
            ConnectionVerdict.Apply(row, fault, Time.GetUtcNow());
            if (await store.SaveAsync(actor, row, before, ConnectionVerdict.ActionFor(row.Status), null, endsFlight: false, CancellationToken.None))
            {
                return;
            }
        }
    }
}

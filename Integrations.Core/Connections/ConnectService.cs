using System.Globalization;
using System.Security.Cryptography;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>Connects providers with something filled in: an API key, a pasted token, or a webhook URL. Nothing is stored before the provider has accepted it.</summary>
public sealed class ConnectService(
    HubDbContextFactory contexts, ConnectorCatalog catalog, ProviderDirectory directory, ProviderGateway gateway, CredentialVault vault, ConnectionStore store, ConnectionRows rows,
    ConnectionStarts starts, TokenRefresher refresher, ConnectionWebhooks webhooks, AddressGuard guard, TimeProvider time)
{
    // A kept token that ends sooner is renewed before it is tried.
    private static readonly TimeSpan _margin = TimeSpan.FromMinutes(1);

    /// <returns>The connection's id.</returns>
    /// <exception cref="Refusal">Malformed; the provider did not accept the credential; another account is connected; or too many within a minute.</exception>
    public async Task<Guid> ConnectAsync(Actor actor, ConnectInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ConnectionsWrite);
        var connector = ConnectionInputCheck.Find(catalog, input.Provider);
        Faults faults = new();
        ConnectionInputCheck.Name(input.Name, faults);
        var permissions = ConnectionInputCheck.Permissions(connector, input.Permissions, faults);
        var settings = ConnectionInputCheck.ProviderSettings(connector, new Dictionary<string, string>(StringComparer.Ordinal), input.ProviderSettings, "settings.provider.", faults);
        if (connector.WebhookUrl is not null)
        {
            faults.ThrowIfAny();
            return await ConnectUrlAsync(actor, organization, connector, input, cancellationToken);
        }

        var trial = Read(connector, input, settings, faults) ?? await KeptAsync(actor, connector, settings, cancellationToken);
        if (trial is null)
        {
            faults.Add("credentials", connector.OAuth is null
                ? $"credentials is required: {string.Join(", ", connector.AuthMethods.OfType<FieldsMethod>().First().Fields.Select(field => field.IsOptional ? $"{field.Name} (optional)" : field.Name))}."
                : $"{connector.Info.Name} is connected by consent: POST /api/integrations/connections answers with the link.");
        }

        faults.ThrowIfAny();
        await VetUrlsAsync(connector, trial!, cancellationToken);
        await starts.CountAsync(actor, organization, ConnectionStartKind.Creation, cancellationToken);
        var account = await TryAsync(connector, trial!, cancellationToken);
        var row = await rows.TakeAsync(actor, organization, connector, trial!.Mode, input.Name, cancellationToken);
        DemandSameAccount(row, account, input.ReplaceAccount);
        await KeepAsync(actor, connector, row, trial, account, permissions, input.Name, input.ReplaceAccount);
        return row.Id;
    }

    private static void DemandSameAccount(Connection row, ProviderAccount account, bool replaces)
    {
        if (ConnectionRows.IsOtherAccount(row, account.Id) && !replaces)
        {
            throw Refusal.Conflict("account", $"{row.Name} is connected to {row.AccountName}; this credential is of {account.Name}. Send replaceAccount: true to replace it, or disconnect first.");
        }
    }

    private static Trial? Read(Connector connector, ConnectInput input, Dictionary<string, string> settings, Faults faults)
    {
        var methods = connector.AuthMethods.OfType<FieldsMethod>().ToList();
        var given = new Dictionary<string, string>(input.Credentials ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        if (methods.Count == 0 || (given.Count == 0 && input.Secret is null))
        {
            return null;
        }

        var method = SecretPlace.MethodFor(methods, given.Keys);
        if (input.Secret is { } secret && SecretPlace.Missing(method, given.Keys) is [var only])
        {
            given.Add(only.Name, secret);
        }

        var values = ConnectionInputCheck.Fields(method, given, "credentials.", faults);
        Dictionary<string, string> secrets = new(StringComparer.Ordinal);
        Dictionary<string, string> facts = new(StringComparer.Ordinal);
        DateTimeOffset? expiry = null;
        foreach (var field in method.Fields.Where(field => values.ContainsKey(field.Name)))
        {
            if (field.IsExpiry)
            {
                expiry = DateTimeOffset.Parse(values[field.Name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            }
            else if (field.IsSecret)
            {
                secrets[field.Name] = values[field.Name];
            }
            else if (connector.Settings.Any(setting => setting.Name == field.Name))
            {
                settings.TryAdd(field.Name, values[field.Name]);
            }
            else
            {
                facts[field.Name] = field.IsUrl ? values[field.Name].TrimEnd('/') : values[field.Name];
            }
        }

        return new Trial(method.Mode, new ProviderCredential(secrets), facts, settings, expiry, method);
    }

    // Reconnects with the credential that a disconnection kept.
    private async Task<Trial?> KeptAsync(Actor actor, Connector connector, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        var row = await db.Connections.AsNoTracking()
            .FirstOrDefaultAsync(connection => connection.Provider == connector.Info.Key && connection.Status == ConnectionStatus.Disconnected && connection.Credential != null, cancellationToken);
        if (row is null)
        {
            return null;
        }

        foreach (var (name, value) in row.ProviderSettings)
        {
            settings.TryAdd(name, value);
        }

        try
        {
            var credential = vault.OpenCredential(row);
            if (row.ExpiresAt <= time.GetUtcNow() + _margin && connector.CanRefresh(credential))
            {
                row = await refresher.RefreshAsync(row, cancellationToken);
                credential = vault.OpenCredential(row);
            }

            return new Trial(row.AuthMode, credential, row.Facts, settings, row.ExpiresAt, null);
        }
        catch (ProviderFault fault)
        {
            throw Refusal.Unprocessable("credentials", $"The credential that was kept cannot be renewed: {fault.Message} Connect again.");
        }
        catch (CryptographicException)
        {
            // As if it had not been kept: somebody has to fill it in again.
            return null;
        }
    }

    // An address out of a credential gets the token with every call, so it has to be the provider's own, and a public one.
    private async Task VetUrlsAsync(Connector connector, Trial trial, CancellationToken cancellationToken)
    {
        foreach (var field in trial.Method?.Fields.Where(field => field.IsUrl) ?? [])
        {
            if (trial.Facts.GetValueOrDefault(field.Name) is not { } url || directory.UrlsOf(connector).IsConfigured(url))
            {
                continue;
            }

            if ((connector.WhyNotHost(new Uri(url)) ?? await guard.CheckUrlAsync(url, cancellationToken)) is { } reason)
            {
                throw Refusal.Invalid($"credentials.{field.Name}", reason);
            }
        }
    }

    private async Task<ProviderAccount> TryAsync(Connector connector, Trial trial, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.TestAsync(gateway.Try(connector, trial.Mode, trial.Credential, trial.Facts, trial.Settings), cancellationToken);
        }
        catch (ProviderFault fault)
        {
            var field = fault.Kind is ProviderFaultKind.Unauthorized or ProviderFaultKind.Forbidden && trial.Method?.Fields.FirstOrDefault(one => one.IsSecret) is { } secret ? $"credentials.{secret.Name}" : null;
            throw Refusal.Unprocessable(field, field is null ? $"The credential could not be tried. {fault.Message}" : $"{connector.Info.Name} did not accept it. {fault.Message}");
        }
    }

    private async Task KeepAsync(Actor actor, Connector connector, Connection row, Trial trial, ProviderAccount account, List<string> permissions, string? name, bool replaces)
    {
        while (true)
        {
            var (before, snapshot) = (row.Status, ConnectionStore.Snapshot(row));
            var now = time.GetUtcNow();
            row.AuthMode = trial.Mode;
            row.Name = name?.Trim() ?? row.Name;
            if (trial.Method is not null)
            {
                (row.Permissions, row.Scopes) = (permissions, []);
            }

            row.Facts = ConnectionRows.Merge(trial.Facts, account.Facts);
            row.ProviderSettings = trial.Settings;
            row.Credential = vault.SealCredential(row.OrganizationId, row.Id, trial.Credential);
            row.ExpiresAt = trial.ExpiresAt;
            ConnectionRows.MarkConnected(row, account, connector.CanRefresh(trial.Credential) ? connector.OAuth : null, now);
            if (await store.SaveAsync(actor, row, before, ConnectionRows.ActionFor(before), before == ConnectionStatus.Pending ? null : snapshot, endsFlight: true, CancellationToken.None))
            {
                return;
            }

            row = await rows.TakeAsync(actor, row.OrganizationId, connector, trial.Mode, name, CancellationToken.None);
            // Somebody else may have connected another account meanwhile.
            DemandSameAccount(row, account, replaces);
        }
    }

    private async Task<Guid> ConnectUrlAsync(Actor actor, Guid organization, Connector connector, ConnectInput input, CancellationToken cancellationToken)
    {
        if (input.WebhookUrl?.Trim() is not { Length: > 0 } url)
        {
            throw Refusal.Invalid("webhookUrl", $"webhookUrl is required: the address where {connector.Info.Name} receives events, such as {connector.WebhookUrl!.ExampleFor(directory.UrlsOf(connector))}.");
        }

        if (connector.WhyNotWebhookUrl(url, directory.UrlsOf(connector)) is { } reason)
        {
            throw Refusal.Invalid("webhookUrl", reason);
        }

        await starts.CountAsync(actor, organization, ConnectionStartKind.Creation, cancellationToken);
        var row = await rows.TakeAsync(actor, organization, connector, AuthMode.WebhookUrl, null, cancellationToken);
        try
        {
            await webhooks.AddAsync(actor, row.Id, input.Name?.Trim() ?? connector.Info.Name, input with { WebhookUrl = url }, cancellationToken);
        }
        catch (Refusal refusal) when (refusal.Faults.Any(fault => fault.Field == "url"))
        {
            throw Refusal.Invalid([.. refusal.Faults.Select(fault => fault.Field == "url" ? fault with { Field = "webhookUrl" } : fault)]);
        }

        while (row.Status != ConnectionStatus.Connected)
        {
            var before = row.Status;
            ConnectionRows.MarkConnected(row, new ProviderAccount("", ""), null, time.GetUtcNow());
            if (!await store.SaveAsync(actor, row, before, ConnectionRows.ActionFor(before), null, endsFlight: true, CancellationToken.None))
            {
                row = await rows.TakeAsync(actor, organization, connector, AuthMode.WebhookUrl, null, CancellationToken.None);
            }
        }

        return row.Id;
    }

    private sealed record Trial(
        AuthMode Mode, ProviderCredential Credential, Dictionary<string, string> Facts, Dictionary<string, string> Settings, DateTimeOffset? ExpiresAt, FieldsMethod? Method);
}

using System.Text.Json;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Api;
using Integrations.Web.Sync;

namespace Integrations.Web.Connections;

/// <summary>A permission of a provider's connections. <c>scopes</c> are the provider's.</summary>
internal sealed record PermissionResource(string Name, string Description, bool IsOptional, IReadOnlyList<string> Scopes);

/// <summary>A field to fill in for <c>mode</c>. <c>pattern</c> is a regular expression that a good value matches, or empty.</summary>
internal sealed record CredentialFieldResource(string Mode, string Name, string Label, string Pattern, string Hint, bool IsSecret, bool IsRequired);

internal sealed record DataTypeResource(string Name, string Description, IReadOnlyList<string> Directions);

internal sealed record ActionFieldResource(string Name, string Label, ActionFieldKind Kind, bool IsRequired, string? Help);

internal sealed record ActionResource(string Name, string Label, string Permission, IReadOnlyList<ActionFieldResource> Fields)
{
    public static ActionResource From(ConnectorAction action) => new(
        action.Name, action.Label, action.Permission, [.. action.Fields.Select(field => new ActionFieldResource(field.Name, field.Label, field.Kind, !field.IsOptional, field.Help))]);
}

internal sealed record ProviderSettingResource(string Name, string Label, string Help, bool HasChoices, string? Default);

/// <summary>A provider of the catalogue. <c>reason</c> says why it is not available, when it is not.</summary>
internal sealed record IntegrationResource(
    string Id, string Name, string Description, string Category, string Icon, IReadOnlyList<string> Features, IReadOnlyList<string> AuthModes, IReadOnlyList<CredentialFieldResource> Fields,
    IReadOnlyList<PermissionResource> Permissions, IReadOnlyList<DataTypeResource> DataTypes, IReadOnlyList<ProviderSettingResource> Settings, IReadOnlyList<ActionResource> Actions, string DocsUrl,
    string? RedirectUri, bool IsAvailable, string? Reason, bool IsConnected, string? ConnectionId, ConnectionStatus? Status, DateTimeOffset? LastSyncAt)
{
    public static IntegrationResource From(CatalogueRow row, string publicUrl, SyncStanding? standing)
    {
        var connector = row.Connector;
        return new IntegrationResource(
            connector.Info.Key, connector.Info.Name, connector.Info.Description, ProviderWords.Category(connector.Info.Category), $"{publicUrl}/providers/{connector.Info.Key}.svg",
            connector.Info.Features, [.. connector.AuthMethods.Select(method => ProviderWords.Mode(method.Mode))], [.. connector.AuthMethods.SelectMany(FieldsOf)],
            [.. connector.Permissions.Select(permission => new PermissionResource(permission.Name, permission.Words, permission.IsOptional, permission.Scopes))],
            [.. connector.DataTypes.Select(type => new DataTypeResource(type.Name, type.Words, ProviderWords.Directions(type.Directions)))],
            [.. connector.Settings.Select(setting => new ProviderSettingResource(setting.Name, setting.Label, setting.Help, setting.HasChoices, setting.Default))],
            [.. connector.Actions.Select(ActionResource.From)], connector.Info.DocsUrl, row.RedirectUri, row.IsAvailable,
            row.IsAvailable ? null : $"{connector.Info.Name} has no OAuth client yet. The Owner enters its client id and secret in Settings, Providers.",
            row.Connection is { Status: not (ConnectionStatus.Pending or ConnectionStatus.Disconnected) },
            row.Connection is { } connection ? PublicId.Format(PublicId.Connection, connection.Id) : null, row.Connection?.Status, standing?.LastEndedAt);
    }

    private static IEnumerable<CredentialFieldResource> FieldsOf(AuthMethod method) => method switch
    {
        FieldsMethod fields => fields.Fields.Select(field =>
            new CredentialFieldResource(ProviderWords.Mode(method.Mode), field.Name, field.Label, field.Pattern, field.Hint, field.IsSecret, !field.IsOptional)),
        WebhookUrlMethod url => [new CredentialFieldResource(ProviderWords.Mode(method.Mode), "webhookUrl", "Webhook URL", url.Pattern, url.Help, false, true)],
        _ => [],
    };
}

internal sealed record AccountResource(string Id, string Name);

/// <summary>Settings of a connection; <c>provider</c> are the connector's own.</summary>
internal sealed record ConnectionSettingsResource(
    string SyncFrequency, string TimeZone, IReadOnlyList<string> DataTypes, string Direction, string ConflictPolicy, string? WebhookUrl, IReadOnlyDictionary<string, string> Provider);

/// <summary>A connection; its credential is never shown. <c>syncStatus</c> is <c>never</c> until it was synced.</summary>
internal sealed record ConnectionResource(
    string Id, string Provider, string Service, string Name, string ServiceName, string Category, ConnectionStatus Status, string? StatusReason, DateTimeOffset StatusSince, string? NextAction,
    string AuthMode, string SyncStatus, DateTimeOffset? ConnectedAt, DateTimeOffset? DisconnectedAt, DateTimeOffset? LastSyncAt, DateTimeOffset? NextSyncAt, DateTimeOffset? LastOkAt, DateTimeOffset? ExpiresAt,
    IReadOnlyList<string> Permissions, IReadOnlyList<string> Scopes, AccountResource? Account, ConnectionSettingsResource Settings, int WebhookUrls, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ConnectionResource From(ConnectionDetail row, SyncStanding? standing, DateTimeOffset now) => new(
        PublicId.Format(PublicId.Connection, row.Id), row.Connector.Info.Key, row.Connector.Info.Key, row.Name, row.Connector.Info.Name, ProviderWords.Category(row.Connector.Info.Category),
        row.Status, row.StatusReason, row.StatusSince, row.NextAction, ProviderWords.Mode(row.AuthMode), SyncWords.Standing(standing), row.ConnectedAt, row.DisconnectedAt, standing?.LastEndedAt, NextOf(row, now), row.LastOkAt, row.ExpiresAt,
        row.Permissions, row.Scopes, row.AccountId.Length + row.AccountName.Length > 0 ? new AccountResource(row.AccountId, row.AccountName) : null,
        new ConnectionSettingsResource(
            row.Settings[ConnectionSettings.SyncFrequency], row.Settings[ConnectionSettings.TimeZone], row.Settings[ConnectionSettings.DataTypes].Split(',', StringSplitOptions.RemoveEmptyEntries),
            row.Settings[ConnectionSettings.Direction], row.Settings[ConnectionSettings.ConflictPolicy],
            row.Settings[ConnectionSettings.WebhookUrl] is { Length: > 0 } url ? url : null, row.ProviderSettings),
        row.WebhookUrls, row.CreatedAt, row.UpdatedAt);

    private static DateTimeOffset? NextOf(ConnectionDetail row, DateTimeOffset now) =>
        row.Status is ConnectionStatus.Pending or ConnectionStatus.Disconnected || SyncFrequency.Next(row.Settings, row.Id, now, 1) is not [var next] ? null : next;
}

/// <summary>Changes of settings; what is absent stays.</summary>
internal sealed record ConnectionSettingsRequest(
    string? SyncFrequency = null, string? TimeZone = null, IReadOnlyList<string>? DataTypes = null, string? Direction = null, string? ConflictPolicy = null, string? WebhookUrl = null,
    IReadOnlyDictionary<string, string>? Provider = null)
{
    public IReadOnlyDictionary<string, string>? Common()
    {
        Dictionary<string, string> changes = new(StringComparer.Ordinal);
        foreach (var (name, value) in new (string, string?)[]
        {
            (ConnectionSettings.SyncFrequency, SyncFrequency), (ConnectionSettings.TimeZone, TimeZone), (ConnectionSettings.DataTypes, DataTypes is null ? null : string.Join(',', DataTypes)), (ConnectionSettings.Direction, Direction),
            (ConnectionSettings.ConflictPolicy, ConflictPolicy), (ConnectionSettings.WebhookUrl, WebhookUrl),
        })
        {
            if (value is not null)
            {
                changes[name] = value;
            }
        }

        return changes.Count == 0 ? null : changes;
    }
}

internal sealed record UpdateConnectionRequest(string? Name = null, IReadOnlyList<string>? Permissions = null, ConnectionSettingsRequest? Settings = null)
{
    public ConnectionChanges ToChanges() => new() { Name = Name, Permissions = Permissions, Settings = Settings?.Common(), ProviderSettings = Settings?.Provider };
}

internal sealed record WebhookConfigRequest(string? WebhookUrl = null);

/// <summary>
/// A provider to connect: <c>provider</c> (or <c>service</c>, <c>platform</c>) with <c>apiKey</c>, with <c>credentials</c> by the provider's fields, with <c>config.webhookUrl</c>, or with
/// nothing for a provider that is connected by consent.
/// </summary>
internal sealed record ConnectRequest(
    string? Provider = null, string? Service = null, string? Platform = null, string? Name = null, string? Category = null, string? ApiKey = null, IReadOnlyDictionary<string, string>? Credentials = null,
    string? StoredKeyId = null, WebhookConfigRequest? Config = null, string? WebhookUrl = null, IReadOnlyList<string>? Events = null, IReadOnlyDictionary<string, string>? Headers = null,
    IReadOnlyList<string>? Permissions = null, IReadOnlyList<string>? Scopes = null, ConnectionSettingsRequest? Settings = null, string? RedirectUri = null, string? State = null,
    bool? ReplaceAccount = null, [property: System.Text.Json.Serialization.JsonPropertyName("organization_slug")] string? OrganizationSlug = null)
{
    public string? AnyProvider => Provider ?? Service ?? Platform;

    public string? AnyWebhookUrl => WebhookUrl ?? Config?.WebhookUrl;

    /// <summary>Whether something is filled in, so that the provider can be connected at once.</summary>
    public bool HasCredential => ApiKey is not null || Credentials is { Count: > 0 } || StoredKeyId is not null || AnyWebhookUrl is not null;

    public ConnectInput ToInput(string? provider, string? secret) => new()
    {
        Provider = provider ?? AnyProvider,
        Name = Name,
        Credentials = AnyWebhookUrl is null ? Credentials : null,
        Secret = secret,
        WebhookUrl = AnyWebhookUrl ?? (Credentials?.GetValueOrDefault("webhookUrl")),
        Events = Events,
        Headers = Headers,
        Permissions = Permissions,
        ProviderSettings = Settings?.Provider,
        ReplaceAccount = ReplaceAccount == true,
    };

    public ConsentInput ToConsent(string? provider) => new()
    {
        Provider = provider ?? AnyProvider,
        Name = Name,
        Permissions = Permissions,
        Scopes = Scopes,
        ReturnTo = RedirectUri,
        State = State,
    };
}

/// <summary><c>deleteCredential: false</c> keeps the credential, for a connection that is to come back.</summary>
internal sealed record DisconnectRequest(bool? DeleteCredential = null);

internal sealed record RefreshRequest(string? ConnectionId = null);

/// <summary>A file of an action, its content in base64.</summary>
internal sealed record ActionFileRequest(string Name, string Content, string? ContentType = null);

internal sealed record ChoiceResource(string Value, string Label);

internal sealed record TestResultResource(bool Ok, string Message, double Milliseconds);

internal sealed record ActionResultResource(string Message, string? Id, string? Url);

internal sealed record RefreshedResource(string Id, ConnectionStatus Status, DateTimeOffset? ExpiresAt);

internal sealed record IntegrationsAnswer(IReadOnlyList<IntegrationResource> Integrations) : Answer;

internal sealed record ConnectionsAnswer(IReadOnlyList<ConnectionResource> Connections, string? NextCursor = null) : Answer;

internal sealed record ConnectionAnswer(ConnectionResource Connection) : Answer;

/// <summary>A connection that was made: at once, or as a link (<c>authUrl</c>) for whoever consents.</summary>
internal sealed record ConnectedAnswer(string ConnectionId, ConnectionResource Connection, string? AuthUrl = null, string? State = null, DateTimeOffset? ExpiresAt = null) : Answer;

internal sealed record UpdatedConnectionAnswer(ConnectionResource Connection, IReadOnlyList<string> PendingPermissions, string? AuthUrl) : Answer;

internal sealed record AuthorizeAnswer(string ConnectionId, string AuthUrl, string State, DateTimeOffset ExpiresAt) : Answer;

internal sealed record ConsentAnswer(string ConnectionId, string Message) : Answer;

internal sealed record ConnectionTestAnswer(TestResultResource Result) : Answer;

internal sealed record ChoicesAnswer(IReadOnlyList<ChoiceResource> Choices) : Answer;

internal sealed record ActionsAnswer(IReadOnlyList<ActionResource> Actions) : Answer;

internal sealed record ActionAnswerResource(ActionResultResource Result) : Answer;

internal sealed record RefreshedAnswer(RefreshedResource Connection) : Answer;

namespace Integrations.Core.Security;

/// <summary>A scope of our REST API: its name and what it allows, in words for consent and key pages.</summary>
public sealed record ScopeInfo(string Name, string Description);

/// <summary>The scopes of the REST API, and the older names that mean the same.</summary>
public static class Scopes
{
    public const string ConnectionsRead = "connections:read";
    public const string ConnectionsWrite = "connections:write";
    public const string SyncRead = "sync:read";
    public const string SyncWrite = "sync:write";
    public const string RecordsRead = "records:read";
    public const string RecordsWrite = "records:write";
    public const string WebhooksRead = "webhooks:read";
    public const string WebhooksWrite = "webhooks:write";
    public const string EventsRead = "events:read";
    public const string EventsWrite = "events:write";
    public const string KeysAdmin = "keys:admin";
    public const string LogsRead = "logs:read";
    public const string ProfileRead = "profile:read";
    public const string Everything = "admin:*";

    private static readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal)
    {
        ["users:read"] = RecordsRead,
        ["payments:read"] = RecordsRead,
        ["projects:read"] = RecordsRead,
        ["data:read"] = RecordsRead,
        ["users:write"] = RecordsWrite,
        ["projects:write"] = RecordsWrite,
        ["analytics:read"] = LogsRead,
    };

    /// <summary>Every scope, in the order in which pages list them.</summary>
    public static IReadOnlyList<ScopeInfo> All { get; } =
    [
        new(EventsWrite, "Publish events and define event types"),
        new(EventsRead, "Read events and event types"),
        new(WebhooksWrite, "Create, change and delete webhook endpoints, and retry deliveries"),
        new(WebhooksRead, "Read webhook endpoints and their deliveries"),
        new(ConnectionsRead, "Read connections"),
        new(ConnectionsWrite, "Connect, change and disconnect providers"),
        new(SyncRead, "Read sync runs"),
        new(SyncWrite, "Start and cancel sync runs"),
        new(RecordsRead, "Read contacts, products, invoices and payments"),
        new(RecordsWrite, "Create, change and delete contacts, products, invoices and payments"),
        new(KeysAdmin, "Create, change and revoke API keys, and keep stored keys"),
        new(LogsRead, "Read the audit log, the request log and usage"),
        new(ProfileRead, "Read who the caller is"),
        new(Everything, "Everything, now and later"),
    ];

    /// <summary>The scope that a name stands for, or null when there is none.</summary>
    public static string? Resolve(string name) =>
        _aliases.GetValueOrDefault(name) ?? All.FirstOrDefault(scope => scope.Name == name)?.Name;
}

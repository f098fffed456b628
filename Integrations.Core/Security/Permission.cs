namespace Integrations.Core.Security;

/// <summary>One thing that an actor may be allowed to do. <see cref="AccessTable"/> gives each its least role and its scope.</summary>
public enum Permission
{
    ProfileRead,
    OrganizationRead,
    MembersRead,
    MembersWrite,
    AuditRead,
    AuditReadMembers,
    ApiKeysRead,
    ApiKeysWrite,
    StoredKeysRead,
    StoredKeysWrite,
    EventsRead,
    EventsWrite,
    WebhooksRead,
    WebhooksWrite,
    ConnectionsRead,
    ConnectionsWrite,
    RecordsRead,
    RecordsWrite,
    SyncRead,
    SyncWrite,

    /// <summary>Entering the OAuth clients of providers.</summary>
    ProvidersWrite,
}

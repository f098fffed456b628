using Integrations.Core.Providers;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>A link as it stands, with the record's present state.</summary>
internal sealed record KnownLink(
    string ExternalId, Guid RecordId, DateTimeOffset? RemoteVersion, Guid? RemotePrint, Guid? RecordPrint, Guid? PushedPrint, Guid Print, DateTimeOffset UpdatedAt, bool IsDeleted,
    DateTimeOffset SyncedAt);

/// <summary>A row on its way in.</summary>
internal sealed class InboundRow(RemoteRow remote, MappedRow mapped, long? matchHash)
{
    public RemoteRow Remote => remote;

    public MappedRow Mapped => mapped;

    /// <summary>The hash of the key by which the same thing of another provider is known; null for none.</summary>
    public long? MatchHash => matchHash;

    public KnownLink? Link { get; set; }

    /// <summary>The record that it changes; null for a new one.</summary>
    public StoredRecord? Record { get; set; }

    /// <summary>The values that the record shall have; null to leave it.</summary>
    public RecordFields? Fields { get; set; }

    /// <summary>What the link shall say.</summary>
    public Guid RecordId { get; set; }

    public Guid? RecordPrint { get; set; }

    /// <summary>Whether the provider lacks something that the hub has, so that it must be pushed.</summary>
    public bool NeedsPush { get; set; }
}

namespace Integrations.Core.Sync;

/// <summary>Bounds that syncs keep, for pages and help to tell.</summary>
public static class SyncLimits
{
    /// <summary>So many records may be gone at a provider without anybody being asked, whatever their share.</summary>
    public const int DeletesWithoutAsking = 20;

    /// <summary>So large a share of a provider's records, in percent, may be gone without anybody being asked.</summary>
    public const int PercentWithoutAsking = 10;
}

namespace Integrations.Web.Shared;

/// <summary>How much of a wide window a drawer takes; on a phone each takes all.</summary>
public enum DrawerWidth
{
    Normal,

    /// <summary>For two columns.</summary>
    Wide,

    /// <summary>For three columns.</summary>
    Widest,
}

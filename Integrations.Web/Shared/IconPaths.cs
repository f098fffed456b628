namespace Integrations.Web.Shared;

/// <summary>Our own line drawings on a grid of 20 by 20, so that no icon font is downloaded.</summary>
public static class IconPaths
{
    private const string Circle = "M10 2.75a7.25 7.25 0 1 0 0 14.5a7.25 7.25 0 1 0 0-14.5z";

    private static readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal)
    {
        ["overview"] = "M3.5 3.5h5v6h-5zM11.5 3.5h5v3.5h-5zM11.5 10h5v6.5h-5zM3.5 12.5h5v4h-5z",
        ["integrations"] = "M3.5 3.5h5v5h-5zM11.5 11.5h5v5h-5zM8.5 6H12a2 2 0 0 1 2 2v3.5M11.5 14H8a2 2 0 0 1-2-2V8.5",
        ["sync"] = "M16.5 8.5A6.8 6.8 0 0 0 4.6 6M4.5 2.8v3.4h3.4M3.5 11.5A6.8 6.8 0 0 0 15.4 14M15.5 17.2v-3.4h-3.4",
        ["records"] = "M3.5 5.2a6.5 2.2 0 1 0 13 0a6.5 2.2 0 1 0-13 0M3.5 5.2v9.6c0 1.2 2.9 2.2 6.5 2.2s6.5-1 6.5-2.2V5.2M3.5 10c0 1.2 2.9 2.2 6.5 2.2s6.5-1 6.5-2.2",
        ["webhook"] = "M10 3.5a2.5 2.5 0 0 1 1.6 4.4l2.2 3.9M8.4 7.9a2.5 2.5 0 0 1 1.6-4.4M8.4 7.9l-2.7 4.4M5.5 16.5a2.5 2.5 0 1 1 .2-4.2M7.8 14H14M14 11.5a2.5 2.5 0 1 1-2 4",
        ["event"] = "M11 2.8 4.8 11.2h4.7L9 17.2l6.2-8.4h-4.7z",
        ["inbound"] = "M10 3v8.5M6.5 8l3.5 3.5L13.5 8M3.5 11.5V15A1.5 1.5 0 0 0 5 16.5h10a1.5 1.5 0 0 0 1.5-1.5v-3.5",
        ["key"] = "M3.2 13.5a3.3 3.3 0 1 0 6.6 0a3.3 3.3 0 1 0-6.6 0M8.9 11.1l7.6-7.6M13.6 6.4 16 8.8M11.3 8.7l1.6 1.6",
        ["app"] = "M3.5 4.5h13v11h-13zM3.5 8h13M5.8 6.25h.01M8 6.25h.01",
        ["request"] = "M4 7h12M12.5 3.5 16 7l-3.5 3.5M16 13H4M7.5 9.5 4 13l3.5 3.5",
        ["job"] = Circle + "M10 5.8V10l2.8 1.8",
        ["audit"] = "M5 3.5h10v13H5zM7.5 7h5M7.5 10h5M7.5 13h3",
        ["settings"] = "M3 6h6.5M13.5 6H17M11.5 8a2 2 0 1 0 0-4a2 2 0 1 0 0 4M3 14h3.5M10.5 14H17M8.5 16a2 2 0 1 0 0-4a2 2 0 1 0 0 4",
        ["search"] = "M8.8 14.1a5.3 5.3 0 1 0 0-10.6a5.3 5.3 0 1 0 0 10.6M12.6 12.6l4 4",
        ["menu"] = "M3 5.5h14M3 10h14M3 14.5h14",
        ["close"] = "M5 5l10 10M15 5 5 15",
        ["chevron-left"] = "M12 5l-5 5 5 5",
        ["chevron-right"] = "M8 5l5 5-5 5",
        ["chevron-up"] = "M5 12.5l5-5 5 5",
        ["chevron-down"] = "M5 7.5l5 5 5-5",
        ["check"] = "M4 10.5l4 4 8-9",
        ["warning"] = "M10 3 2.5 16.5h15zM10 8v4M10 14.2h.01",
        ["error"] = Circle + "M10 6.3v4.5M10 13.6h.01",
        ["info"] = Circle + "M10 9.3v4.4M10 6.5h.01",
        ["circle"] = Circle,
        ["success"] = Circle + "M6.8 10.3l2.2 2.2 4.2-4.8",
        ["copy"] = "M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7",
        ["plus"] = "M10 4v12M4 10h12",
        ["more"] = "M4.5 9.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1M10 9.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1M15.5 9.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1",
        ["refresh"] = "M16.5 10a6.5 6.5 0 1 1-2-4.7L16.5 7M16.5 3v4h-4",
        ["sun"] = "M10 13.2a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 1 0 0 6.4M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M15.3 4.7l-1.2 1.2M5.9 14.1l-1.2 1.2",
        ["moon"] = "M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z",
        ["monitor"] = "M3 4h14v9.5H3zM7.5 17h5M10 13.5V17",
        ["user"] = "M10 10a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 1 0 0 6.4M3.8 16.8a6.2 5 0 0 1 12.4 0",
        ["sign-out"] = "M8 3.5H4.5v13H8M12.5 6.5 16 10l-3.5 3.5M16 10H8",
        ["external"] = "M11.5 3.5h5v5M16.5 3.5l-7 7M14 11.5v5H3.5V6h5",
        ["play"] = "M6 4l10 6-10 6z",
        ["pause"] = "M6.5 4v12M13.5 4v12",
        ["trash"] = "M3.5 5.5h13M8 5.5v-2h4v2M5.2 5.5l.8 11h8l.8-11M8.5 8.5v5M11.5 8.5v5",
        ["eye"] = "M2.5 10s2.8-4.8 7.5-4.8 7.5 4.8 7.5 4.8-2.8 4.8-7.5 4.8S2.5 10 2.5 10zM10 12.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 1 0 0 4.4",
        ["eye-off"] = "M2.5 10s2.8-4.8 7.5-4.8 7.5 4.8 7.5 4.8-2.8 4.8-7.5 4.8S2.5 10 2.5 10zM10 12.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 1 0 0 4.4M4 16.5l12-13",
        ["edit"] = "M3.5 16.5l.8-3.6 9.2-9.2 2.8 2.8-9.2 9.2zM11.5 5.7l2.8 2.8",
        ["filter"] = "M3 5h14M5.5 10h9M8 15h4",
        ["arrow-left"] = "M16.5 10h-13M8.5 5l-5 5 5 5",
        ["arrow-right"] = "M3.5 10h13M11.5 5l5 5-5 5",
        ["help"] = Circle + "M7.8 7.8a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M10 13.8h.01",
        ["building"] = "M4.5 16.5v-13h8v13M12.5 8h3v8.5M2.5 16.5h15M7 7h3M7 10h3M7 13h3",
        ["heart-pulse"] = "M2.5 10h3.7L8 6l3.5 8.5 2-4.5h4",
    };

    public static IReadOnlyCollection<string> Names => _paths.Keys;

    public static string Of(string name) => _paths.TryGetValue(name, out var path) ? path : Circle;
}

namespace Integrations.Web.Layout;

/// <summary>What the reader chose for the frame. Kept in cookies so that the first response already looks right.</summary>
public sealed record ShellPreferences(string Theme, bool SidebarCollapsed)
{
    public const string ThemeCookie = "theme";
    public const string SidebarCookie = "sidebar";

    public static IReadOnlyList<string> Themes { get; } = ["system", "light", "dark"];

    public static ShellPreferences Default { get; } = new(Themes[0], SidebarCollapsed: false);

    public static ShellPreferences From(IRequestCookieCollection cookies)
    {
        var theme = cookies[ThemeCookie];
        return new ShellPreferences(
            theme is not null && Themes.Contains(theme) ? theme : Default.Theme,
            cookies[SidebarCookie] == "collapsed");
    }
}

using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>A window's size and colours.</summary>
public sealed record Look(string Name, int Width, int Height, ColorScheme Scheme)
{
    public static Look Desktop { get; } = new("desktop-light", 1280, 800, ColorScheme.Light);

    public static Look DesktopDark { get; } = new("desktop-dark", 1280, 800, ColorScheme.Dark);

    public static Look Phone { get; } = new("phone-light", 390, 844, ColorScheme.Light);

    public static Look PhoneDark { get; } = new("phone-dark", 390, 844, ColorScheme.Dark);

    public static IReadOnlyList<Look> All { get; } = [Desktop, DesktopDark, Phone, PhoneDark];

    /// <summary>For [MemberData]: the names, which <see cref="Named"/> turns back into looks.</summary>
    public static TheoryData<string> Names => [.. All.Select(look => look.Name)];

    /// <summary>A wide light one and a narrow dark one, for journeys whose pages are looked at in all looks elsewhere.</summary>
    public static TheoryData<string> Opposites => [Desktop.Name, PhoneDark.Name];

    public static Look Named(string name) => All.Single(look => look.Name == name);

    internal BrowserNewContextOptions Apply(BrowserNewContextOptions options)
    {
        options.ViewportSize = new ViewportSize { Width = Width, Height = Height };
        options.ColorScheme = Scheme;
        return options;
    }
}

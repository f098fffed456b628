namespace Integrations.Web.Layout;

/// <summary>One step of the breadcrumb; the last one has no address.</summary>
public sealed record Crumb(string Title, string? Href = null);

/// <summary>Carries the breadcrumb from the page up to the header, which stands outside of it.</summary>
public sealed class ShellState
{
    public event Action? Changed;

    public IReadOnlyList<Crumb> Breadcrumb { get; private set; } = [];

    public void Show(IReadOnlyList<Crumb> breadcrumb)
    {
        if (!Breadcrumb.SequenceEqual(breadcrumb))
        {
            Breadcrumb = breadcrumb;
            Changed?.Invoke();
        }
    }
}

using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Integrations.Web.Layout;

public sealed partial class MainLayout : IDisposable
{
    private bool _collapsed;
    private bool _drawerOpen;
    private bool _focusDrawer;
    private CommandPalette? _palette;
    private ErrorBoundary? _errors;

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public ShellPreferences Preferences { get; set; } = ShellPreferences.Default;

    protected override void OnInitialized()
    {
        _collapsed = Preferences.SidebarCollapsed;
        Navigation.LocationChanged += OnLocationChanged;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focusDrawer)
        {
            // Only now: what is not shown yet cannot take the focus.
            _focusDrawer = false;
            await Browser.OpenPanelAsync(SideNavigation.ElementId);
        }
    }

    private async Task ToggleSidebarAsync()
    {
        _collapsed = !_collapsed;
        await Browser.SetCookieAsync(ShellPreferences.SidebarCookie, _collapsed ? "collapsed" : "open");
    }

    private void OpenDrawer()
    {
        _drawerOpen = true;
        _focusDrawer = true;
    }

    private async Task CloseDrawer()
    {
        _drawerOpen = false;
        await Browser.ClosePanelAsync(SideNavigation.ElementId);
    }

    private void OpenPalette() => _palette?.Open();

    private void Recover() => _errors?.Recover();

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(async () =>
    {
        Recover();
        if (_drawerOpen)
        {
            await CloseDrawer();
            StateHasChanged();
        }
    });

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;
}

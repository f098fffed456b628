using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Integrations.Web.Layout;

public sealed partial class CommandPalette
{
    private const string ElementId = "palette";

    private bool _open;
    private bool _showModal;
    private int _selected;
    private IReadOnlyList<NavItem> _matches = [];

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    public void Open()
    {
        _open = true;
        _showModal = true;
        Search("");
        StateHasChanged();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_showModal)
        {
            _showModal = false;
            await Browser.ShowModalAsync(ElementId);
        }
    }

    private static string OptionId(int index) => $"palette-option-{index}";

    private void OnInput(ChangeEventArgs args) => Search(args.Value as string ?? "");

    private void Search(string query)
    {
        _selected = 0;
        _matches = PaletteSearch.Find(query);
    }

    private async Task OnKeyAsync(KeyboardEventArgs args)
    {
        if (_matches.Count == 0)
        {
            return;
        }

        switch (args.Key)
        {
            case "ArrowDown":
                _selected = (_selected + 1) % _matches.Count;
                break;
            case "ArrowUp":
                _selected = (_selected + _matches.Count - 1) % _matches.Count;
                break;
            case "Enter":
                await GoAsync(_matches[_selected]);
                break;
        }
    }

    private async Task GoAsync(NavItem match)
    {
        await Browser.CloseModalAsync(ElementId);
        _open = false;
        Navigation.NavigateTo(match.Href, forceLoad: match.LeavesCircuit);
    }

    private void OnClosed() => _open = false;
}

using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Integrations.Web.Shared;

/// <summary>A control whose value is one query parameter of the address: reload and the back button just work.</summary>
public abstract class QueryBound : ComponentBase, IDisposable
{
    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected abstract string QueryParameter { get; }

    protected string? Value { get; private set; }

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    protected override void OnParametersSet() => Value = Navigation.Query(QueryParameter);

    protected void OnChange(ChangeEventArgs args) => Navigation.NavigateTo(Navigation.WithFilter(QueryParameter, args.Value as string));

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(() =>
    {
        var value = Navigation.Query(QueryParameter);
        if (value != Value)
        {
            Value = value;
            StateHasChanged();
        }
    });

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        GC.SuppressFinalize(this);
    }
}

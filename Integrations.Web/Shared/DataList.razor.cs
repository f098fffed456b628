using Integrations.Core.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Integrations.Web.Shared;

public sealed partial class DataList<TRow> : IDisposable
{
    private readonly List<Column<TRow>> _columns = [];
    private IReadOnlyList<TRow> _rows = [];
    private ViewState _state = ViewState.Loading;
    private string? _cursor;
    private string? _shownCursor;
    private string? _nextCursor;
    private string? _requestId;
    private object? _filter;
    private bool _loading;
    private bool _started;
    private CancellationTokenSource _load = new();

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<DataList<TRow>> Logger { get; init; }

    [Parameter, EditorRequired]
    public required Func<PageRequest, CancellationToken, Task<Page<TRow>>> Load { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment Columns { get; set; }

    /// <summary>What the rows are, in the plural: "Deliveries". Read out, not shown.</summary>
    [Parameter, EditorRequired]
    public required string Caption { get; set; }

    [Parameter]
    public Func<TRow, object>? RowKey { get; set; }

    [Parameter]
    public Func<TRow, string>? RowHref { get; set; }

    [Parameter]
    public EventCallback<TRow> OnOpen { get; set; }

    /// <summary>The name of a row for those who hear it: "Open delivery dlv_1".</summary>
    [Parameter]
    public Func<TRow, string>? RowLabel { get; set; }

    [Parameter]
    public Func<TRow, bool>? IsSelected { get; set; }

    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>What <see cref="Load"/> filters by; the list loads again when it is no longer equal.</summary>
    [Parameter]
    public object? Filter { get; set; }

    [Parameter]
    public int Limit { get; set; } = PageRequest.DefaultLimit;

    [Parameter]
    public string ErrorText { get; set; } = "The rows could not be loaded.";

    /// <summary>The query parameter with the cursor; another name for a second list, null for a list that the address does not know.</summary>
    [Parameter]
    public string? CursorParameter { get; set; } = UrlQuery.Cursor;

    private bool Opens => RowHref is not null || OnOpen.HasDelegate;

    /// <summary>Loads the shown page again and keeps its rows on the screen meanwhile.</summary>
    public Task RefreshAsync() => InvokeAsync(ReloadAsync);

    /// <summary>The same for a change that the reader did not ask for: the rows are not dimmed.</summary>
    public Task RefreshQuietlyAsync() => InvokeAsync(() => LoadAsync(quiet: true));

    internal void Add(Column<TRow> column)
    {
        _columns.Add(column);
        StateHasChanged();
    }

    internal void Remove(Column<TRow> column) => _columns.Remove(column);

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    protected override Task OnParametersSetAsync()
    {
        if (_started && Equals(_filter, Filter))
        {
            return Task.CompletedTask;
        }

        _started = true;
        _filter = Filter;
        _cursor = CursorInAddress();
        return ReloadAsync();
    }

    private string? CursorInAddress() => CursorParameter is null ? null : Navigation.Query(CursorParameter);

    private string LabelOf(TRow row) => RowLabel?.Invoke(row) ?? $"Open {RowKey?.Invoke(row) ?? row}";

    private Task GoToAsync(string? cursor)
    {
        if (CursorParameter is not null)
        {
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(CursorParameter, cursor));
            return Task.CompletedTask;
        }

        _cursor = cursor;
        return ReloadAsync();
    }

    private Task ReloadAsync() => LoadAsync(quiet: false);

    private async Task LoadAsync(bool quiet)
    {
        await _load.CancelAsync();
        _load.Dispose();
        _load = new CancellationTokenSource();
        var token = _load.Token;
        _loading |= !quiet;
        if (_state is ViewState.Failed)
        {
            _state = ViewState.Loading;
        }

        StateHasChanged();
        try
        {
            var cursor = _cursor;
            var page = await Load(new PageRequest(Limit, cursor), token);
            if (!token.IsCancellationRequested)
            {
                Show(page, cursor);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // A newer load has taken over, or the list is gone.
        }
        catch (Exception exception)
        {
            if (!token.IsCancellationRequested)
            {
                ShowFailure(exception);
            }
        }
    }

    private void Show(Page<TRow> page, string? cursor)
    {
        _rows = page.Rows;
        _shownCursor = cursor;
        _nextCursor = page.NextCursor;
        _requestId = null;
        _loading = false;
        _state = _rows.Count == 0 && cursor is null ? ViewState.Empty : ViewState.Ready;
        StateHasChanged();
    }

    private void ShowFailure(Exception exception)
    {
        _requestId = RequestId.Current();
        ShellLog.ListLoadFailed(Logger, _requestId, exception);
        _loading = false;
        // Rows of the same page stay, with a notice; rows of another page would be mistaken for the ones asked for.
        _state = _state is ViewState.Ready && _cursor == _shownCursor ? ViewState.Ready : ViewState.Failed;
        StateHasChanged();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(async () =>
    {
        // Lets the router bring new parameters first; a new filter then loads by itself.
        await Task.Yield();
        var cursor = CursorInAddress();
        if (cursor != _cursor && !_load.IsCancellationRequested)
        {
            _cursor = cursor;
            await ReloadAsync();
        }
    });

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _load.Cancel();
    }
}

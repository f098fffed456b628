using Integrations.Core.Security;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Shared;

public sealed partial class Loaded<T> : IDisposable
    where T : class
{
    private const string Failure = "This could not be loaded.";

    private T? _value;
    private ViewState _state = ViewState.Loading;
    private string _errorText = Failure;
    private string? _requestId;
    private object? _key;
    private bool _started;
    private CancellationTokenSource _load = new();

    [Inject]
    public required ILogger<Loaded<T>> Logger { get; init; }

    [Parameter, EditorRequired]
    public required Func<CancellationToken, Task<T>> Load { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<T> ChildContent { get; set; }

    /// <summary>What is loaded; it loads again when this is no longer equal.</summary>
    [Parameter]
    public object? Key { get; set; }

    [Parameter]
    public int SkeletonRows { get; set; } = 6;

    // What was refused will be refused again.
    private EventCallback Retry => _requestId is null ? default : EventCallback.Factory.Create(this, ReloadAsync);

    /// <summary>Loads again and keeps what is shown meanwhile.</summary>
    public Task RefreshAsync() => InvokeAsync(ReloadAsync);

    protected override Task OnParametersSetAsync()
    {
        if (_started && Equals(_key, Key))
        {
            return Task.CompletedTask;
        }

        _started = true;
        _key = Key;
        _state = ViewState.Loading;
        return ReloadAsync();
    }

    private async Task ReloadAsync()
    {
        await _load.CancelAsync();
        _load.Dispose();
        _load = new CancellationTokenSource();
        var token = _load.Token;
        _state = _state is ViewState.Failed ? ViewState.Loading : _state;
        StateHasChanged();
        try
        {
            var value = await Load(token);
            if (!token.IsCancellationRequested)
            {
                _value = value;
                _state = ViewState.Ready;
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // A newer load has taken over, or the page is gone.
        }
        catch (Refusal refusal)
        {
            Fail(refusal.Message, requestId: null, token);
        }
        catch (Exception exception)
        {
            var requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, requestId, exception);
            Fail(Failure, requestId, token);
        }

        StateHasChanged();
    }

    private void Fail(string text, string? requestId, CancellationToken token)
    {
        if (!token.IsCancellationRequested)
        {
            _state = ViewState.Failed;
            _errorText = text;
            _requestId = requestId;
        }
    }

    public void Dispose() => _load.Cancel();
}

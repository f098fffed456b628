using Microsoft.JSInterop;

namespace Integrations.Web.Shared;

/// <summary>The functions of wwwroot/app.js, by name. A circuit that is gone has no browser to call, so those calls end quietly.</summary>
public sealed class Browser(IJSRuntime script)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once the page takes input. A navigation before that makes the browser fetch the page a second time, as if it were a static one.</summary>
    public Task Ready => _ready.Task;

    public async Task MarkReadyAsync()
    {
        await CallAsync("shell.ready");
        _ready.TrySetResult();
    }

    public Task SetThemeAsync(string theme) => CallAsync("shell.setTheme", theme);

    public Task SetCookieAsync(string name, string value) => CallAsync("shell.setCookie", name, value);

    public Task CopyAsync(string text) => CallAsync("shell.copy", text);

    public Task OpenPanelAsync(string elementId) => CallAsync("shell.openPanel", elementId);

    public Task ClosePanelAsync(string elementId) => CallAsync("shell.closePanel", elementId);

    public Task ShowModalAsync(string elementId) => CallAsync("shell.showModal", elementId);

    public Task CloseModalAsync(string elementId) => CallAsync("shell.closeModal", elementId);

    /// <summary>Brings the first fault of the open form into sight and the focus to its field.</summary>
    public Task ShowFaultAsync() => CallAsync("shell.showFault");

    private async Task CallAsync(string function, params object?[] arguments)
    {
        try
        {
            await script.InvokeVoidAsync(function, arguments);
        }
        catch (JSDisconnectedException)
        {
            // The reader closed the page while the answer was on its way.
        }
    }
}

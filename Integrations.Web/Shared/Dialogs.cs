using Radzen;

namespace Integrations.Web.Shared;

/// <summary>Dialogs with types in place of Radzen's dynamic results; pages use this and never the Radzen service.</summary>
public sealed class Dialogs(DialogService dialogs)
{
    /// <summary>Asks before something happens that cannot be taken back.</summary>
    /// <param name="title">Names the thing: "Delete the endpoint Orders?".</param>
    /// <param name="text">What will follow.</param>
    /// <param name="confirm">The word on the button: "Delete endpoint".</param>
    /// <param name="danger">Paints the button red.</param>
    /// <param name="typeToConfirm">A name that has to be typed first, for the riskiest things.</param>
    public async Task<bool> ConfirmAsync(string title, string text, string confirm, bool danger = false, string? typeToConfirm = null) =>
        await OpenAsync<ConfirmDialog, bool>(title, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ConfirmDialog.Text)] = text,
            [nameof(ConfirmDialog.Confirm)] = confirm,
            [nameof(ConfirmDialog.Danger)] = danger,
            [nameof(ConfirmDialog.TypeToConfirm)] = typeToConfirm,
        });

    /// <summary>Opens a component as a dialog; it answers through <see cref="Close"/>, and closing it otherwise answers the default.</summary>
    /// <param name="title">What the dialog is for.</param>
    /// <param name="parameters">Those of the component.</param>
    /// <param name="wide">For forms with long values.</param>
    /// <param name="dismissable">False for a dialog that shows something only once: it ends by its own buttons alone.</param>
    public async Task<TResult?> OpenAsync<TDialog, TResult>(string title, IReadOnlyDictionary<string, object?>? parameters = null, bool wide = false, bool dismissable = true)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase
    {
        var values = parameters is null ? null : new Dictionary<string, object?>(parameters, StringComparer.Ordinal);
        var options = new DialogOptions
        {
            CloseDialogOnEsc = dismissable,
            ShowClose = dismissable,
            CloseAriaLabel = "Close",
            Width = $"min({(wide ? 760 : 480)}px, calc(100vw - 32px))",
            // Radzen does it half a second late, and what is typed until then is lost: app.js does it at once.
            AutoFocusFirstElement = false,
        };
        object? result = await dialogs.OpenAsync<TDialog>(title, values, options);
        return result is TResult typed ? typed : default;
    }

    public void Close(object? result = null) => dialogs.Close(result);
}

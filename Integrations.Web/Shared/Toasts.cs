namespace Integrations.Web.Shared;

/// <param name="Link">The page that tells more, or null.</param>
public sealed record Toast(Guid Id, string Text, Tone Tone, ToastLink? Link = null);

/// <summary>Where a toast leads, and the words of its link.</summary>
public sealed record ToastLink(string Text, string Href);

/// <summary>Short answers to a click. Failures stay until they are closed; the others go after a few seconds.</summary>
public sealed class Toasts(TimeProvider time)
{
    public static readonly TimeSpan Shown = TimeSpan.FromSeconds(5);

    private readonly List<Toast> _current = [];

    public event Action? Changed;

    public IReadOnlyList<Toast> Current => _current;

    public void Success(string text, ToastLink? link = null) => _ = ShowAsync(text, Tone.Success, link);

    public void Info(string text) => _ = ShowAsync(text, Tone.Info, link: null);

    public void Failure(string text, ToastLink? link = null) => _ = ShowAsync(text, Tone.Danger, link);

    public void Close(Toast toast)
    {
        if (_current.Remove(toast))
        {
            Changed?.Invoke();
        }
    }

    private async Task ShowAsync(string text, Tone tone, ToastLink? link)
    {
        var toast = new Toast(Guid.NewGuid(), text, tone, link);
        _current.Add(toast);
        Changed?.Invoke();
        if (tone != Tone.Danger)
        {
            await Task.Delay(Shown, time);
            Close(toast);
        }
    }
}

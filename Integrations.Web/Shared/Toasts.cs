namespace Integrations.Web.Shared;

public sealed record Toast(Guid Id, string Text, Tone Tone);

/// <summary>Short answers to a click. Failures stay until they are closed; the others go after a few seconds.</summary>
public sealed class Toasts(TimeProvider time)
{
    public static readonly TimeSpan Shown = TimeSpan.FromSeconds(5);

    private readonly List<Toast> _current = [];

    public event Action? Changed;

    public IReadOnlyList<Toast> Current => _current;

    public void Success(string text) => _ = ShowAsync(text, Tone.Success);

    public void Info(string text) => _ = ShowAsync(text, Tone.Info);

    public void Failure(string text) => _ = ShowAsync(text, Tone.Danger);

    public void Close(Toast toast)
    {
        if (_current.Remove(toast))
        {
            Changed?.Invoke();
        }
    }

    private async Task ShowAsync(string text, Tone tone)
    {
        var toast = new Toast(Guid.NewGuid(), text, tone);
        _current.Add(toast);
        Changed?.Invoke();
        if (tone != Tone.Danger)
        {
            await Task.Delay(Shown, time);
            Close(toast);
        }
    }
}

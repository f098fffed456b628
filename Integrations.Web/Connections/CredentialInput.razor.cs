using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class CredentialInput : IDisposable
{
    /// <summary>How long nothing is typed before the form is checked: nobody is told off at the first key.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(900);

    private ITimer? _timer;
    private string _initial = "";
    private string _value = "";
    private string? _problem;
    private int _typedIn = -1;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required CredentialField Field { get; set; }

    /// <summary>What stands in it at first; never a secret.</summary>
    [Parameter]
    public string Initial { get; set; } = "";

    /// <summary>What was wrong with it when the form was last sent.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Counts the sendings of the form: after the next key the fault of the last one no longer counts.</summary>
    [Parameter]
    public int Attempt { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<string> OnValue { get; set; }

    private string? Shown => _typedIn == Attempt ? _problem : Error ?? _problem;

    /// <summary>Why a value cannot be the field's, in the words of the form; null when it can.</summary>
    public static string? WhyNot(CredentialField field, string value)
    {
        var trimmed = value.Trim();
        if (trimmed.Length == 0)
        {
            return field.IsOptional ? null : $"{field.Label} is needed.";
        }

        var reason = ConnectionInputCheck.WhyNot(field, trimmed);
        // Programs know it by another name.
        return reason?.StartsWith(field.Name + " ", StringComparison.Ordinal) == true ? field.Label + reason[field.Name.Length..] : reason;
    }

    protected override void OnInitialized()
    {
        _initial = _value = Initial;
        _timer = Time.CreateTimer(_ => _ = InvokeAsync(Check), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private Task Type(string value)
    {
        _value = value;
        _typedIn = Attempt;
        // A fault that is mended goes at once; one that comes waits.
        _problem = _problem is not null && WhyNot(Field, value) is { } still && value.Trim().Length > 0 ? still : null;
        _timer?.Change(Pause, Timeout.InfiniteTimeSpan);
        return OnValue.InvokeAsync(value);
    }

    // An empty field is told about when the form is sent.
    private void Check()
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _problem = _value.Trim().Length == 0 ? null : WhyNot(Field, _value);
        StateHasChanged();
    }

    public void Dispose() => _timer?.Dispose();
}

using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace Integrations.Web.Connections;

public sealed partial class ActionForm
{
    /// <summary>What a browser may hand over; programs send larger files over REST.</summary>
    public const int MaxFileBytes = 10 * 1024 * 1024;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private FormFaults _faults = new();
    private IBrowserFile? _file;
    private ActionAnswer? _answer;
    private bool _busy;
    // Fields are drawn anew, and empty, after each success.
    private int _round;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectionService Service { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Parameter, EditorRequired]
    public required ConnectionDetail Connection { get; set; }

    [Parameter, EditorRequired]
    public required ConnectorAction Action { get; set; }

    // It comes from the provider's answer: only the web, never a script.
    private string? Link => _answer?.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? url : null;

    protected override void OnInitialized() => _faults = new FormFaults(Action.Fields.ToDictionary(field => field.Name, field => field.Label, StringComparer.Ordinal));

    private static string? HelpOf(ActionField field) => field.Kind == ActionFieldKind.File ? $"{(field.Help is null ? "" : field.Help + " ")}At most {MaxFileBytes / (1024 * 1024)} MB." : field.Help;

    private static Dictionary<string, object> Attributes(FieldContext context) => new(context.Attributes, StringComparer.Ordinal);

    private void Take(ActionField field, ChangeEventArgs args) => _values[field.Name] = args.Value as string ?? "";

    private async Task RunAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        _answer = null;
        StateHasChanged();
        ActionAnswer? answer = null;
        var done = await _faults.TryAsync(async () =>
            answer = await Service.RunActionAsync(await Member.GetActorAsync(), Connection.Id, Action.Name, new ActionInput(Values(), await ReadAsync()), CancellationToken.None));
        _busy = false;
        if (done)
        {
            _answer = answer;
            _values.Clear();
            _file = null;
            _round++;
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private Dictionary<string, string> Values() => _values.Where(value => value.Value.Trim().Length > 0).ToDictionary(value => value.Key, value => value.Value.Trim(), StringComparer.Ordinal);

    private async Task<ActionFile?> ReadAsync()
    {
        if (_file is not { } file)
        {
            return null;
        }

        var field = Action.Fields.First(field => field.Kind == ActionFieldKind.File).Name;
        if (file.Size > MaxFileBytes)
        {
            throw Refusal.Invalid(field, $"{file.Name} is larger than {MaxFileBytes / (1024 * 1024)} MB.");
        }

        try
        {
            using MemoryStream content = new();
            await using var stream = file.OpenReadStream(MaxFileBytes);
            await stream.CopyToAsync(content);
            return new ActionFile(file.Name, file.ContentType is { Length: > 0 } type ? type : "application/octet-stream", content.ToArray());
        }
        catch (IOException)
        {
            throw Refusal.Invalid(field, $"{file.Name} could not be read. Choose it again.");
        }
    }
}

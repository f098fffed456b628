using System.Linq.Expressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace Integrations.Web.Shared;

public sealed partial class Field : IDisposable
{
    private string _id = "";
    private EditContext? _watched;

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string? Help { get; set; }

    [Parameter]
    public string? Error { get; set; }

    [Parameter]
    public bool Optional { get; set; }

    /// <summary>The member of the form's model that the input edits: its validation message becomes the error.</summary>
    [Parameter]
    public Expression<Func<object?>>? For { get; set; }

    /// <summary>The id of the input, when a test or a link needs a fixed one.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<FieldContext> ChildContent { get; set; }

    [CascadingParameter]
    public EditContext? EditContext { get; set; }

    private string? Problem => Error ?? (EditContext is null || For is null
        ? null
        : EditContext.GetValidationMessages(FieldIdentifier.Create(For)).FirstOrDefault());

    protected override void OnInitialized() => _id = Id ?? ElementIds.Next("field");

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_watched, EditContext))
        {
            Dispose();
            _watched = EditContext;
            _watched?.OnValidationStateChanged += OnValidated;
        }
    }

    private Dictionary<string, object> Attributes()
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal) { ["id"] = _id };
        var describedBy = string.Join(' ', new[] { Help is null ? null : $"{_id}-help", Problem is null ? null : $"{_id}-error" }.OfType<string>());
        if (describedBy.Length > 0)
        {
            attributes["aria-describedby"] = describedBy;
        }

        if (Problem is not null)
        {
            attributes["aria-invalid"] = "true";
        }

        return attributes;
    }

    private void OnValidated(object? sender, ValidationStateChangedEventArgs args) => _ = InvokeAsync(StateHasChanged);

    public void Dispose() => _watched?.OnValidationStateChanged -= OnValidated;
}

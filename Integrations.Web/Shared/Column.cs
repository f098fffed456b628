using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Shared;

public enum Align
{
    Start,
    End,
}

/// <summary>One column of a <see cref="DataList{TRow}"/>; its content is the template of a cell.</summary>
public sealed class Column<TRow> : ComponentBase, IDisposable
    where TRow : notnull
{
    [CascadingParameter]
    public required DataList<TRow> List { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter]
    public string? Class { get; set; }

    [Parameter]
    public Align Align { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<TRow> ChildContent { get; set; }

    internal string CssClass => Align == Align.End ? $"cell-end {Class}" : Class ?? "";

    protected override void OnInitialized() => List.Add(this);

    public void Dispose() => List.Remove(this);
}

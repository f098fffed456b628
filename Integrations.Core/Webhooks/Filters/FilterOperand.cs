using System.Text.Json;
using Integrations.Core.Security;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>A part of a filter, compiled: an operand, which has a value, or a condition, which holds or not.</summary>
internal abstract class FilterNode;

internal abstract class FilterOperand : FilterNode
{
    public abstract FilterValue ValueIn(FilterSubject subject);
}

internal sealed class FilterLiteral(FilterValue value) : FilterOperand
{
    public FilterValue Value => value;

    public override FilterValue ValueIn(FilterSubject subject) => value;
}

/// <summary>The word <c>type</c>: the dotted name of the event's type.</summary>
internal sealed class FilterType : FilterOperand
{
    public override FilterValue ValueIn(FilterSubject subject) => FilterValue.Of(subject.Type);
}

/// <summary>A list that is written out; it stands only after <c>in</c>.</summary>
internal sealed class FilterList(IReadOnlyList<FilterValue> items) : FilterNode
{
    public bool Holds(FilterValue value)
    {
        foreach (var item in items)
        {
            if (item.EqualTo(value))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A step down: into a member by its name, or into a list by its index.</summary>
internal readonly record struct FilterStep(string? Name, int Index);

/// <summary>A path that begins at <c>data</c>. Where it leads nowhere its value is null.</summary>
internal sealed class FilterPath(IReadOnlyList<FilterStep> steps) : FilterOperand
{
    public override FilterValue ValueIn(FilterSubject subject) => Find(subject) is { } found ? FilterValue.Of(subject.Read(found)) : FilterValue.Null;

    public JsonElement? Find(FilterSubject subject)
    {
        var at = subject.Data;
        foreach (var step in steps)
        {
            if (step.Name is { } name)
            {
                if (at.ValueKind != JsonValueKind.Object || !JsonRead.TryGet(at, name, out at))
                {
                    return null;
                }
            }
            else if (at.ValueKind == JsonValueKind.Array && step.Index < at.GetArrayLength())
            {
                at = at[step.Index];
            }
            else
            {
                return null;
            }
        }

        return at;
    }
}

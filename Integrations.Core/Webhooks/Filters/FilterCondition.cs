namespace Integrations.Core.Webhooks.Filters;

internal abstract class FilterCondition : FilterNode
{
    public abstract bool HoldsFor(FilterSubject subject);
}

internal sealed class AllOf(IReadOnlyList<FilterCondition> parts) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => parts.All(part => part.HoldsFor(subject));
}

internal sealed class AnyOf(IReadOnlyList<FilterCondition> parts) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => parts.Any(part => part.HoldsFor(subject));
}

internal sealed class Not(FilterCondition inner) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => !inner.HoldsFor(subject);
}

/// <summary>A path that leads somewhere, even to null.</summary>
internal sealed class Exists(FilterPath path) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => path.Find(subject) is not null;
}

/// <summary>A value that stands alone: it holds when it is true.</summary>
internal sealed class IsTrue(FilterOperand operand) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => operand.ValueIn(subject).IsTrue;
}

internal sealed class InList(FilterOperand operand, FilterList list) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => list.Holds(operand.ValueIn(subject));
}

internal sealed class Compare(FilterOperand left, FilterOperator by, FilterOperand right) : FilterCondition
{
    public override bool HoldsFor(FilterSubject subject) => by.Holds(left.ValueIn(subject), right.ValueIn(subject));
}

/// <summary>An operator between two values.</summary>
internal sealed record FilterOperator(string Name, Func<FilterValue, FilterValue, bool> Holds)
{
    // Looking for one long text in another costs time by both lengths; no filter that a person writes needs more.
    private const int MaxSoughtLength = 2000;

    public static IReadOnlyList<FilterOperator> All { get; } =
    [
        new("==", (left, right) => left.EqualTo(right)),
        new("!=", (left, right) => !left.EqualTo(right)),
        new("<", (left, right) => left.CompareTo(right) < 0),
        new("<=", (left, right) => left.CompareTo(right) <= 0),
        new(">", (left, right) => left.CompareTo(right) > 0),
        new(">=", (left, right) => left.CompareTo(right) >= 0),
        new("in", (left, right) => right.Holds(left)),
        new("contains", (left, right) => left.Kind == FilterValueKind.List
            ? left.Holds(right)
            : right.Text?.Length <= MaxSoughtLength && left.Text?.Contains(right.Text, StringComparison.Ordinal) == true),
        new("startsWith", (left, right) => right.Text is { } start && left.Text?.StartsWith(start, StringComparison.Ordinal) == true),
        new("endsWith", (left, right) => right.Text is { } end && left.Text?.EndsWith(end, StringComparison.Ordinal) == true),
    ];
}

using System.Text.Json;
using Integrations.Core.Security;

namespace Integrations.Core.Events.Schemas;

/// <summary>A schema or a part of one: every rule has to be met.</summary>
internal sealed class SchemaNode
{
    public List<SchemaRule> Rules { get; } = [];

    /// <summary>The parts that are held against the same value as this one, by which a schema could go round in circles.</summary>
    public List<SchemaNode> InPlace { get; } = [];
}

internal abstract class SchemaRule
{
    public abstract void Check(JsonElement value, SchemaCheck check);
}

/// <summary>The schema <c>false</c>.</summary>
internal sealed class NothingRule : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check) => check.Fault("must not be there");
}

internal sealed class ReferenceRule(SchemaNode target) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check) => check.Check(target, value);
}

internal sealed class AnyOfRule(IReadOnlyList<SchemaNode> forms) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (!forms.Any(form => check.Passes(form, value)))
        {
            check.Fault($"must meet at least one of the {forms.Count} forms of anyOf");
        }
    }
}

internal sealed class OneOfRule(IReadOnlyList<SchemaNode> forms) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        var met = forms.Count(form => check.Passes(form, value));
        if (met != 1)
        {
            check.Fault($"must meet exactly one of the {forms.Count} forms of oneOf; it meets {met}");
        }
    }
}

internal sealed class NotRule(SchemaNode form) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (check.Passes(form, value))
        {
            check.Fault("must not meet the form of not");
        }
    }
}

internal sealed class ObjectRule(IReadOnlyDictionary<string, SchemaNode> members, SchemaNode? others, bool onlyThese) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            check.Step(1);
            var name = JsonRead.Name(member);
            if (name is not null && members.TryGetValue(name, out var node))
            {
                check.CheckMember(node, name, member.Value);
            }
            else if (onlyThese)
            {
                check.FaultAtMember(name, "is not a member that the schema knows");
            }
            else if (others is not null)
            {
                check.CheckMember(others, name, member.Value);
            }
        }
    }
}

internal sealed class RequiredRule(IReadOnlyList<string> names) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var name in names)
        {
            check.Step(1);
            if (!JsonRead.TryGet(value, name, out _))
            {
                check.FaultAtMember(name, "is required");
            }
        }
    }
}

internal sealed class ItemsRule(SchemaNode node) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            check.CheckItem(node, index++, item);
        }
    }
}

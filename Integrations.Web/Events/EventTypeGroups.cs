using Integrations.Core.Events;

namespace Integrations.Web.Events;

/// <summary>Event types that share their first word.</summary>
public sealed record EventTypeGroup(string Name, IReadOnlyList<EventTypeRow> Types);

public static class EventTypeGroups
{
    /// <summary>The first word of a type, by which lists group.</summary>
    public static string GroupOf(string type) => type[..type.IndexOf('.')];

    public static string FamilyOf(string type) => GroupOf(type) + ".*";

    /// <summary>The groups in the order in which their first types come.</summary>
    public static IReadOnlyList<EventTypeGroup> Of(IEnumerable<EventTypeRow> types) =>
        [.. types.GroupBy(type => GroupOf(type.Name), StringComparer.Ordinal).Select(group => new EventTypeGroup(group.Key, [.. group]))];
}

using Integrations.Core.Security;

namespace Integrations.Web.Shared;

/// <summary>What a service refused, for a form that shows each fault at its field.</summary>
public sealed class RefusalFaults
{
    public static readonly RefusalFaults None = new([]);

    private readonly IReadOnlyList<Fault> _faults;

    public RefusalFaults(IReadOnlyList<Fault> faults) => _faults = faults;

    public static RefusalFaults From(Refusal refusal) => new(refusal.Faults);

    public bool Any => _faults.Count > 0;

    /// <summary>The faults of a field and of what lies in it (<c>events[2]</c>, <c>headers.X-Key</c>), or null.</summary>
    public string? At(string field) => Text(_faults.Where(fault => IsAt(fault, field)));

    /// <summary>The faults at none of the fields that a form shows.</summary>
    public string? Elsewhere(params IReadOnlyList<string> shown) => Text(_faults.Where(fault => !shown.Any(field => IsAt(fault, field))));

    private static bool IsAt(Fault fault, string field) =>
        fault.Field is { } at && at.StartsWith(field, StringComparison.Ordinal) && (at.Length == field.Length || at[field.Length] is '.' or '[');

    private static string? Text(IEnumerable<Fault> faults)
    {
        var text = string.Join(' ', faults.Select(fault => fault.Message).Distinct(StringComparer.Ordinal));
        return text.Length > 0 ? text : null;
    }
}

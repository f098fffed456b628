using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Integrations.Core.Security;

namespace Integrations.Web.Shared;

/// <summary>What a service refused in a form, by field; what belongs to no shown field is <see cref="Rest"/>, which <see cref="FaultNotice"/> shows above the form.</summary>
/// <param name="fields">The fields that the form shows, by the names that the service uses.</param>
public sealed partial class FormFaults(params string[] fields)
{
    private readonly Dictionary<string, string> _byField = new(StringComparer.Ordinal);
    private readonly List<string> _rest = [];
    private readonly IReadOnlyDictionary<string, string> _labels = ImmutableDictionary<string, string>.Empty;

    /// <param name="labels">The fields that the form shows, and what it calls them.</param>
    public FormFaults(IReadOnlyDictionary<string, string> labels)
        : this([.. labels.Keys]) => _labels = labels;

    /// <summary>What is wrong with a field, or null. A fault of an element (<c>scopes[2]</c>) belongs to its list.</summary>
    public string? this[string field] => _byField.GetValueOrDefault(field);

    public string? Rest => _rest.Count == 0 ? null : string.Join(' ', _rest);

    public bool Any => _byField.Count > 0 || _rest.Count > 0;

    public void Clear()
    {
        _byField.Clear();
        _rest.Clear();
    }

    public void Add(string? field, string message)
    {
        message = InWords(field, message);
        var shown = field is null ? null : Array.Find(fields, name => field == name || field.StartsWith(name + "[", StringComparison.Ordinal) || field.StartsWith(name + ".", StringComparison.Ordinal));
        if (shown is null)
        {
            _rest.Add(message);
        }
        else
        {
            _byField[shown] = _byField.TryGetValue(shown, out var before) ? $"{before} {message}" : message;
        }
    }

    public void AddIf(bool condition, string? field, string message)
    {
        if (condition)
        {
            Add(field, message);
        }
    }

    /// <summary>Runs what a form does and keeps what was refused.</summary>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> TryAsync(Func<Task> action)
    {
        Clear();
        try
        {
            await action();
            return true;
        }
        catch (Refusal refusal)
        {
            foreach (var fault in refusal.Faults)
            {
                Add(fault.Field, fault.Message);
            }

            return false;
        }
    }

    // The services speak to programs first: "signatureHeader must be …". A form has no such names.
    private string InWords(string? field, string message)
    {
        var name = field?[(field.LastIndexOf('.') + 1)..];
        if (name is not { Length: > 0 } || !message.StartsWith(name + " ", StringComparison.Ordinal))
        {
            return message;
        }

        var label = _labels.GetValueOrDefault(field!) ?? string.Concat(name[..1].ToUpperInvariant(), Capital().Replace(name[1..], match => " " + match.Value.ToLowerInvariant()));
        return string.Concat(label, message.AsSpan(name.Length));
    }

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Capital();
}

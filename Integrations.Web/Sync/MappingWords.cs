using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;

namespace Integrations.Web.Sync;

/// <summary>Field mappings in words.</summary>
public static class MappingWords
{
    public static string Transform(FieldTransform transform) => transform switch
    {
        FieldTransform.None => "As it is",
        FieldTransform.Trim => "Without blanks at the ends",
        FieldTransform.Lowercase => "In small letters",
        FieldTransform.Uppercase => "In capitals",
        FieldTransform.Date => "As a day",
        FieldTransform.Time => "As a moment",
        FieldTransform.MinorUnits => "From cents to an amount",
        FieldTransform.Reference => "As a link to another record",
        _ => "As a list of lines",
    };

    /// <summary>All that is done to a value on its way in.</summary>
    public static string Changes(FieldMapping field)
    {
        var words = field.Transform == FieldTransform.Reference && field.Reference is { } target ? $"{Transform(field.Transform)} ({target})" : Transform(field.Transform);
        var pairs = field.Values is { Count: > 0 } values ? string.Join(", ", values.Select(pair => $"{pair.Key} = {pair.Value}")) : null;
        return pairs is null ? words : field.Transform == FieldTransform.None ? pairs : $"{words}; {pairs}";
    }

    /// <summary>"E-mail (email)"; a field that is not the type's own by its name alone.</summary>
    public static string Target(RecordType type, string name) => type.Find(name) is { } field ? field.Label : name;

    public static string Direction(SyncDirections directions) => directions switch
    {
        SyncDirections.In => "In",
        SyncDirections.Out => "Out",
        _ => "Both ways",
    };
}

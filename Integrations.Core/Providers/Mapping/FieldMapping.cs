namespace Integrations.Core.Providers.Mapping;

/// <summary>How a value changes on its way from the provider into the hub; outward it changes back.</summary>
public enum FieldTransform
{
    None = 0,

    /// <summary>Without blanks at both ends.</summary>
    Trim = 1,

    Lowercase = 2,

    Uppercase = 3,

    /// <summary>A day, from whatever form of date the provider uses (ISO 8601, seconds or milliseconds since 1970, <c>/Date(ms)/</c>).</summary>
    Date = 4,

    /// <summary>A moment, from the same forms.</summary>
    Time = 5,

    /// <summary>An amount in the currency's smallest unit (cents) becomes a decimal number; the currency is the record's.</summary>
    MinorUnits = 6,

    /// <summary>The provider's id of another record, named by <see cref="FieldMapping.Reference"/>, becomes the hub's.</summary>
    Reference = 7,

    /// <summary>A list of objects, each mapped by <see cref="FieldMapping.Items"/>.</summary>
    Lines = 8,
}

/// <summary>The form in which a provider wants dates.</summary>
public enum DateForm
{
    /// <summary>ISO 8601.</summary>
    Iso = 0,

    /// <summary>Seconds since 1970.</summary>
    UnixSeconds = 1,

    /// <summary>Milliseconds since 1970.</summary>
    UnixMilliseconds = 2,
}

/// <summary>One field of a provider and the hub's field that it stands for.</summary>
/// <param name="Source">
/// Where it lies in the provider's row: names with dots between them (<c>address.city</c>), a place in a list (<c>items[0]</c>), or the item of a list by one of its members
/// (<c>Phones[PhoneType=DEFAULT].PhoneNumber</c>). Empty for a constant inbound.
/// </param>
/// <param name="Target">The hub's field (<c>address.city</c>, <c>customFields.tier</c>). Empty for a constant outbound.</param>
public sealed record FieldMapping(string Source, string Target, FieldTransform Transform = FieldTransform.None)
{
    /// <summary>Which way the value goes; both by default, as far as the data type itself does.</summary>
    public SyncDirections Directions { get; init; } = SyncDirections.Both;

    /// <summary>A value that is always set, instead of one that is read.</summary>
    public string? Constant { get; init; }

    /// <summary>The provider's words and the hub's for them; a word that is not among them becomes <see cref="OtherValue"/>.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>What an unknown word becomes inbound; null to keep it as it is.</summary>
    public string? OtherValue { get; init; }

    /// <summary>The data type that a <see cref="FieldTransform.Reference"/> leads to.</summary>
    public string? Reference { get; init; }

    /// <summary>The mapping of the objects of <see cref="FieldTransform.Lines"/>.</summary>
    public IReadOnlyList<FieldMapping>? Items { get; init; }

    /// <summary>How dates are written outbound.</summary>
    public DateForm DateForm { get; init; }

    /// <summary>Whether the provider wants a number here where the hub has text, so that outbound it is sent as one.</summary>
    public bool IsNumber { get; init; }

    /// <summary>The same, only from the provider into the hub.</summary>
    public FieldMapping OnlyIn() => this with { Directions = SyncDirections.In };

    /// <summary>The same, only from the hub to the provider.</summary>
    public FieldMapping OnlyOut() => this with { Directions = SyncDirections.Out };

    /// <summary>A value that every record gets that comes in.</summary>
    public static FieldMapping Always(string target, string value) => new("", target) { Constant = value, Directions = SyncDirections.In };

    /// <summary>A value that every row gets that goes out.</summary>
    public static FieldMapping AlwaysOut(string source, string value) => new(source, "") { Constant = value, Directions = SyncDirections.Out };
}

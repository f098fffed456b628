namespace Integrations.Core.Records;

/// <summary>What a field of a record holds.</summary>
public enum RecordFieldKind
{
    Text = 0,
    LongText = 1,
    Email = 2,

    /// <summary>A decimal number, such as a quantity.</summary>
    Number = 3,

    /// <summary>A decimal number in the record's currency.</summary>
    Money = 4,

    Flag = 5,

    /// <summary>A day, <c>2026-11-26</c>.</summary>
    Date = 6,

    /// <summary>A moment, ISO 8601 in UTC.</summary>
    Time = 7,

    /// <summary>One of <see cref="RecordField.Words"/>.</summary>
    Word = 8,

    /// <summary>ISO 4217, three capital letters.</summary>
    Currency = 9,

    /// <summary>A list of texts.</summary>
    Tags = 10,

    /// <summary>The id of another record of the hub.</summary>
    Reference = 11,

    /// <summary>A list of objects.</summary>
    Lines = 12,
}

/// <summary>A field of a record type.</summary>
/// <param name="Name">As in requests; parts of an object with dots: <c>address.city</c>.</param>
/// <param name="Label">As pages say it.</param>
public sealed record RecordField(string Name, RecordFieldKind Kind, string Label)
{
    public const int MaxText = 500;
    public const int MaxLongText = 20_000;

    /// <summary>What a <see cref="RecordFieldKind.Word"/> may be.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The record type of a <see cref="RecordFieldKind.Reference"/>.</summary>
    public string? References { get; init; }

    /// <summary>The fields of <see cref="RecordFieldKind.Lines"/>.</summary>
    public IReadOnlyList<RecordField> Items { get; init; } = [];

    public int MaxLength { get; init; } = Kind == RecordFieldKind.LongText ? MaxLongText : MaxText;
}

namespace Integrations.Core.Records;

/// <summary>Who changes records, and on which occasion.</summary>
/// <param name="Source">A provider's key, or one of <see cref="RecordSource"/>.</param>
/// <param name="ActorName">For people.</param>
/// <param name="SyncRunId">The run that does it, or null.</param>
/// <param name="IsBulk">Whether there may be very many: events are then stored only where somebody subscribes, and making leaves no entry in the history.</param>
internal sealed record RecordOccasion(string Source, string ActorName, Guid? SyncRunId = null, bool IsBulk = false);

/// <summary>A record as it is stored.</summary>
internal sealed record StoredRecord(
    Guid Id, RecordType Type, RecordFields Fields, Guid Print, string Source, Dictionary<string, string> FieldSources, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? DeletedAt);

/// <summary>What a record is stored as: its values in their one form, the print of them, and what lists ask for.</summary>
internal sealed record RecordContent(byte[] Json, Guid Print, RecordShape Shape)
{
    public static RecordContent Of(RecordType type, RecordFields fields)
    {
        var json = fields.ToJson();
        return new RecordContent(json, RecordFields.PrintOf(json), RecordShape.Of(type, fields));
    }
}

/// <summary>A record to make.</summary>
/// <param name="Known">The content of the fields, where it has been made before.</param>
internal sealed record NewRecord(Guid Id, RecordType Type, RecordFields Fields, RecordContent? Known = null)
{
    public RecordContent Content { get; } = Known ?? RecordContent.Of(Type, Fields);
}

/// <summary>A record to change.</summary>
/// <param name="Fields">All values as they shall be.</param>
internal sealed record RecordUpdate(StoredRecord Before, RecordFields Fields)
{
    public RecordContent Content { get; } = RecordContent.Of(Before.Type, Fields);

    public Guid Print => Content.Print;

    /// <summary>The names of the fields whose values differ.</summary>
    public IReadOnlyList<string> Changed { get; } =
        [.. Before.Fields.Names.Union(Fields.Names, StringComparer.Ordinal).Where(name => !string.Equals(Before.Fields.Text(name), Fields.Text(name), StringComparison.Ordinal))];
}

using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Api;

namespace Integrations.Web.Sync;

/// <summary>A data type of a run, one way (<c>in</c>: from the provider).</summary>
internal sealed record SyncEntityResource(
    string EntityType, string SyncDirection, SyncPartStatus Status, int RecordsProcessed, int RecordsSynced, int RecordsCreated, int RecordsUpdated, int RecordsUnchanged, int RecordsDeleted,
    int RecordsFailed, int Conflicts, int ProviderCalls, int? Total, string? ErrorMessage)
{
    public static SyncEntityResource From(SyncPart part) => new(
        part.DataType, SyncWords.Direction(part.Direction), part.Status, part.Processed, part.Created + part.Updated + part.Unchanged + part.Deleted, part.Created, part.Updated, part.Unchanged,
        part.Deleted, part.Failed, part.Conflicts, part.Calls, part.Total, part.Error);
}

/// <summary>A sync run. <c>errors</c> counts the records that failed.</summary>
internal sealed record SyncResource(
    string Id, string ConnectionId, string Provider, SyncStatus Status, string SyncType, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, DateTimeOffset CreatedAt, int RecordsProcessed,
    int RecordsSynced, int Errors, int Conflicts, string? ErrorMessage, string? RetryOf, string StartedBy, IReadOnlyList<string> DataTypes, IReadOnlyList<SyncEntityResource> Entities)
{
    public static SyncResource From(SyncRunRow row) => new(
        PublicId.Format(PublicId.SyncRun, row.Run.Id), PublicId.Format(PublicId.Connection, row.Run.ConnectionId), row.Run.Provider, row.Run.Status, SyncWords.Type(row.Run.Type), row.Run.StartedAt,
        row.Run.CompletedAt, row.Run.CreatedAt, row.Processed, row.Synced, row.Failed, row.Conflicts, row.Run.Error,
        row.Run.RetryOf is { } retried ? PublicId.Format(PublicId.SyncRun, retried) : null, row.Run.StartedBy,
        [.. row.Parts.Select(part => part.DataType).Distinct(StringComparer.Ordinal)], [.. row.Parts.Select(SyncEntityResource.From)]);
}

/// <summary>A record that a run could not sync, or that both sides had changed. <c>payload</c> is the row as it came, or as it was sent.</summary>
internal sealed record SyncErrorResource(
    string Id, SyncIssueKind Kind, string EntityType, string SyncDirection, string? ExternalId, string? RecordId, string Name, string Message, RawJson? Payload, DateTimeOffset At, DateTimeOffset? ResolvedAt)
{
    public static SyncErrorResource From(SyncIssue issue, string recordType) => new(
        PublicId.Format(PublicId.SyncIssue, issue.Id), issue.Kind, issue.DataType, SyncWords.Direction(issue.Direction), issue.ExternalId,
        issue.RecordId is { } record ? RecordIds.Format(recordType, record) : null, issue.Name, issue.Message, issue.Payload is { } payload ? new RawJson(payload) : null, issue.At, issue.ResolvedAt);
}

/// <summary>What to sync; what is absent is as the connection is set. <c>syncType</c>: incremental or full. <c>direction</c>: in, out or both.</summary>
internal sealed record SyncRequest(string? SyncType = null, IReadOnlyList<string>? DataTypes = null, string? Direction = null)
{
    public SyncInput ToInput(string? dataType = null) => new(
        SyncWords.ParseType(SyncType), dataType is null ? DataTypes : [dataType], SyncWords.ParseDirection(Direction));
}

/// <summary>A field of a mapping. <c>directions</c>: in, out or both.</summary>
internal sealed record FieldMappingResource(
    string? Source = null, string? Target = null, FieldTransform Transform = FieldTransform.None, string? Directions = null, string? Constant = null,
    IReadOnlyDictionary<string, string>? Values = null, string? OtherValue = null, string? Reference = null, IReadOnlyList<FieldMappingResource>? Items = null, DateForm DateForm = DateForm.Iso,
    bool IsNumber = false)
{
    public static FieldMappingResource From(FieldMapping field) => new(
        field.Source, field.Target, field.Transform, SyncWords.Direction(field.Directions), field.Constant, field.Values, field.OtherValue, field.Reference,
        field.Items?.Select(From).ToList(), field.DateForm, field.IsNumber);

    /// <param name="place">In the request, for its faults.</param>
    public FieldMapping ToMapping(string place) => new(Source ?? "", Target ?? "", Transform)
    {
        Directions = SyncWords.ParseDirection(Directions, $"{place}.directions") ?? SyncDirections.Both,
        Constant = Constant,
        Values = Values,
        OtherValue = OtherValue,
        Reference = Reference,
        Items = Items is null ? null : ListOf(Items, $"{place}.items"),
        DateForm = DateForm,
        IsNumber = IsNumber,
    };

    public static IReadOnlyList<FieldMapping> ListOf(IReadOnlyList<FieldMappingResource?> fields, string place) =>
        [.. fields.Select((field, index) => field?.ToMapping($"{place}[{index}]") ?? throw Refusal.Invalid($"{place}[{index}]", "A field of a mapping must be an object."))];
}

internal sealed record DataTypeMappingResource(string DataType, string RecordType, bool IsOwn, IReadOnlyList<FieldMappingResource> Fields)
{
    public static DataTypeMappingResource From(DataTypeMapping mapping) => new(
        mapping.DataType.Name, mapping.RecordType.Name, mapping.IsOwn, [.. mapping.Fields.Select(FieldMappingResource.From)]);
}

/// <param name="Fields">The hub's fields by name, as text.</param>
/// <param name="ErrorMessage">Why the row could not be taken in, or null.</param>
/// <param name="Row">The row as the provider sent it.</param>
internal sealed record MappedPreviewResource(string ExternalId, string Name, IReadOnlyDictionary<string, string> Fields, string? ErrorMessage, System.Text.Json.JsonElement Row);

internal sealed record MappingRequest(IReadOnlyList<FieldMappingResource>? Fields = null)
{
    public IReadOnlyList<FieldMapping> ToMappings() => FieldMappingResource.ListOf(Fields ?? [], "fields");
}

internal sealed record DecideDeletesRequest(string? DataType = null);

internal sealed record PendingDeletesResource(string DataType, int Count);

internal sealed record SyncAnswer(SyncResource? Sync) : Answer;

internal sealed record SyncsAnswer(IReadOnlyList<SyncResource> Syncs, string? NextCursor) : Answer;

internal sealed record SyncErrorsAnswer(IReadOnlyList<SyncErrorResource> Errors, string? NextCursor) : Answer;

internal sealed record SyncStartedAnswer(string SyncId, SyncStatus Status, DateTimeOffset StartedAt) : Answer;

internal sealed record MappingPreviewAnswer(IReadOnlyList<MappedPreviewResource> Rows) : Answer;

internal sealed record MappingsAnswer(IReadOnlyList<DataTypeMappingResource> Mappings) : Answer;

internal sealed record PendingDeletesAnswer(IReadOnlyList<PendingDeletesResource> PendingDeletes) : Answer;

using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers;

/// <summary>A row of a provider, as it came.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Content">The row, which lives as long as it is held.</param>
/// <param name="UpdatedAt">When it changed last by the provider's clock; null when the provider does not tell.</param>
public sealed record RemoteRow(string Id, JsonElement Content, DateTimeOffset? UpdatedAt = null)
{
    /// <summary>Whether the provider tells that it was deleted there.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>One page of a provider's rows.</summary>
/// <param name="Next">Where the next page begins, for <see cref="ReadRequest.Cursor"/>; null when this was the last.</param>
public sealed record RemotePage(IReadOnlyList<RemoteRow> Rows, string? Next)
{
    /// <summary>How many rows there are in all, where the provider tells.</summary>
    public int? Total { get; init; }
}

/// <summary>Which page of which rows is wanted.</summary>
/// <param name="Cursor">What the page before gave; null for the first.</param>
/// <param name="Since">Only what changed at or after; null for everything.</param>
/// <param name="Mapping">What will be read of the rows, for providers that want to know.</param>
public sealed record ReadRequest(string DataType, string? Cursor, DateTimeOffset? Since, IReadOnlyList<FieldMapping> Mapping);

/// <summary>A record on its way to a provider.</summary>
/// <param name="Key">The hub's id of it, the same in every try: for idempotency keys and external ids.</param>
/// <param name="ExternalId">The provider's id, or null when the provider does not have it yet.</param>
/// <param name="Content">The provider's fields by the mapping.</param>
public sealed record OutgoingRow(string Key, string? ExternalId, JsonObject Content)
{
    /// <summary>A print of the content, for idempotency keys that must change with it.</summary>
    public string Print { get; init; } = "";

    /// <summary>When the record changed, for keys that must differ when an old value comes back.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}

/// <summary>What became of one row of a write: it was taken, with its id, or refused, with a reason.</summary>
/// <param name="ExternalId">The provider's id; null when it was refused.</param>
/// <param name="Error">Why it was refused, in a sentence; null when it was taken.</param>
public sealed record WriteResult(string? ExternalId, string? Error = null)
{
    /// <summary>The row as the provider has it now, where it tells.</summary>
    public JsonElement? Content { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>Rows to write, at most <see cref="ConnectorDataType.WriteLot"/>.</summary>
/// <param name="Mapping">By which their content was made.</param>
public sealed record WriteRequest(string DataType, IReadOnlyList<OutgoingRow> Rows, IReadOnlyList<FieldMapping> Mapping);

/// <summary>A record type as a table, for providers that keep files.</summary>
/// <param name="FileName">Such as <c>contacts.csv</c>.</param>
/// <param name="Content">Makes the file's bytes, anew for each try.</param>
public sealed record ExportFile(string DataType, string FileName, Func<Stream> Content, long Length);

using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>A record that may have to go out, with how it stands at the provider.</summary>
internal sealed record OutboundRecord(
    Guid Id, RecordFields Fields, Guid Print, DateTimeOffset UpdatedAt, string? Kind, string? ExternalId, Guid? RecordPrint, Guid? PushedPrint, long Generation, DateTimeOffset? SyncedAt)
{
    /// <summary>Reads them by connection (<c>$1</c>) and data type (<c>$2</c>); what follows says which.</summary>
    public const string SelectSql =
        """
        SELECT r."Id", r."Data", r."Print", r."UpdatedAt", r."Kind", l."ExternalId", l."RecordPrint", l."PushedPrint", l."Generation", l."SyncedAt"
        FROM "Records" r LEFT JOIN "RecordLinks" l ON l."RecordId" = r."Id" AND l."ConnectionId" = $1 AND l."DataType" = $2
        """;

    public static OutboundRecord Read(RowReader row) => new(
        row.Guid(), RecordFields.Parse(row.Bytes()), row.Guid(), row.Time(), row.NullableText(), row.NullableText(), row.NullableGuid(), row.NullableGuid(), row.NullableInt64() ?? 0, row.NullableTime());
}

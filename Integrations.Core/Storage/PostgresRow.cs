using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>The row at which a reader of PostgreSQL stands.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : RowReader
{
    protected override bool IsNull(int column) => reader.IsDBNull(column);

    protected override long Int64At(int column) => reader.GetInt64(column);

    protected override Guid GuidAt(int column) => reader.GetGuid(column);

    protected override string TextAt(int column) => reader.GetString(column);

    protected override byte[] BytesAt(int column) => reader.GetFieldValue<byte[]>(column);
}

using System.Collections.Concurrent;
using System.Data;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Integrations.Core.Storage;

/// <summary>
/// A plain INSERT, done for many rows by PostgreSQL's COPY: the server then fills whole pages at once instead of going through a query's plan for each row, at about half the cost.
/// </summary>
internal sealed partial class PostgresCopy
{
    /// <summary>Fewer rows are not worth the second round trip.</summary>
    public const int Fewest = 100;

    private static readonly ConcurrentDictionary<string, PostgresCopy?> _known = new(StringComparer.Ordinal);

    private readonly string _table;
    private readonly string _columns;
    private volatile NpgsqlDbType[]? _types;

    private PostgresCopy(string table, string columns) => (_table, _columns) = (table, columns);

    /// <returns>Null when the statement is no INSERT of its parameters, in their order.</returns>
    public static PostgresCopy? For(string sql) => _known.GetOrAdd(sql, static text => Insert().Match(text.Trim()) is { Success: true } insert && IsInOrder(insert.Groups["values"].Value)
        ? new PostgresCopy(insert.Groups["table"].Value, insert.Groups["columns"].Value)
        : null);

    public async ValueTask RunAsync(NpgsqlConnection connection, PostgresColumns rows)
    {
        // COPY converts nothing, so that each value has to be sent as what its column is.
        var types = _types ??= await ReadTypesAsync(connection);
        await using var import = await connection.BeginBinaryImportAsync($"COPY {_table} ({_columns}) FROM STDIN (FORMAT BINARY)");
        await rows.WriteAsync(import, types);
        await import.CompleteAsync();
    }

    private static bool IsInOrder(string values) =>
        values.Split(',', StringSplitOptions.TrimEntries).Index().All(value => value.Item == FormattableString.Invariant($"${value.Index + 1}"));

    private async Task<NpgsqlDbType[]> ReadTypesAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new($"SELECT {_columns} FROM {_table} LIMIT 0", connection);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => TypeOf(reader.GetDataTypeName(i)))];
    }

    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "uuid" => NpgsqlDbType.Uuid,
        "bytea" => NpgsqlDbType.Bytea,
        _ when name == "text" || name.StartsWith("character varying", StringComparison.Ordinal) => NpgsqlDbType.Text,
        _ => throw new InvalidOperationException($"No statement binds a value for a column of type {name}."),
    };

#pragma warning disable MA0009 // It reads the hub's own statements, and nothing that comes from outside.
    [GeneratedRegex(@"^INSERT INTO (?<table>""\w+"") \((?<columns>[^()]*)\)\s+VALUES \((?<values>[^()]*)\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Insert();
#pragma warning restore MA0009
}

using Npgsql;
using NpgsqlTypes;

namespace Integrations.Core.Storage;

/// <summary>Gathers the parameters of many rows into an array for each parameter, so that one statement takes them all.</summary>
internal sealed class PostgresColumns(int rows) : ParameterBinder
{
    private readonly List<Column> _columns = [];
    private int _row = -1;
    private int _next;

    /// <summary>Parameters of a row.</summary>
    public int Count => _columns.Count;

    public static PostgresColumns Of<TRow>(IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
    {
        PostgresColumns columns = new(rows.Count);
        foreach (var row in rows)
        {
            columns._row++;
            columns._next = 0;
            bind(columns, row);
        }

        return columns;
    }

    public override ParameterBinder Add(Guid value) => Set<Guid?>(NpgsqlDbType.Uuid, value);

    public override ParameterBinder Add(Guid? value) => Set(NpgsqlDbType.Uuid, value);

    public override ParameterBinder Add(long value) => Set<long?>(NpgsqlDbType.Bigint, value);

    public override ParameterBinder Add(long? value) => Set(NpgsqlDbType.Bigint, value);

    public override ParameterBinder Add(string? value) => Set(NpgsqlDbType.Text, value);

    public override ParameterBinder Add(byte[]? value) => Set(NpgsqlDbType.Bytea, value);

    public void AddTo(NpgsqlParameterCollection parameters)
    {
        foreach (var column in _columns)
        {
            parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | column.Type, Value = column.Values });
        }
    }

    /// <param name="types">What the columns are.</param>
    public async ValueTask WriteAsync(NpgsqlBinaryImporter import, NpgsqlDbType[] types)
    {
        for (var row = 0; row < rows; row++)
        {
            await import.StartRowAsync();
            for (var i = 0; i < _columns.Count; i++)
            {
                await _columns[i].WriteAsync(import, row, types[i]);
            }
        }
    }

    /// <summary>Whether no two rows agree in all of these parameters, which are numbered from 1. Without any there is nothing to agree in.</summary>
    public bool AreDistinct(IReadOnlyList<int> keys)
    {
        if (keys.Count == 0)
        {
            return true;
        }

        HashSet<int> seen = new(rows, new RowComparer([.. keys.Select(key => _columns[key - 1])]));
        return Enumerable.Range(0, rows).All(seen.Add);
    }

    private PostgresColumns Set<T>(NpgsqlDbType type, T value)
    {
        if (_row == 0)
        {
            _columns.Add(new Column<T>(type, new T[rows]));
        }

        ((Column<T>)_columns[_next++]).Array[_row] = value;
        return this;
    }

    private abstract class Column(NpgsqlDbType type, Array values)
    {
        public NpgsqlDbType Type => type;

        public Array Values => values;

        public abstract Task WriteAsync(NpgsqlBinaryImporter import, int row, NpgsqlDbType type);

        public abstract bool IsSame(int row, int other);

        public abstract int Hash(int row);
    }

    private sealed class Column<T>(NpgsqlDbType type, T[] values) : Column(type, values)
    {
        public T[] Array => values;

        public override Task WriteAsync(NpgsqlBinaryImporter import, int row, NpgsqlDbType type) => values[row] switch
        {
            null => import.WriteNullAsync(),
            long number when type == NpgsqlDbType.Integer => import.WriteAsync(checked((int)number), type),
            long number => import.WriteAsync(number, type),
            Guid id => import.WriteAsync(id, type),
            var value => import.WriteAsync(value, type),
        };

        public override bool IsSame(int row, int other) => EqualityComparer<T>.Default.Equals(values[row], values[other]);

        public override int Hash(int row) => values[row]?.GetHashCode() ?? 0;
    }

    private sealed class RowComparer(Column[] keys) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => Array.TrueForAll(keys, key => key.IsSame(x, y));

        public int GetHashCode(int row)
        {
            HashCode hash = default;
            foreach (var key in keys)
            {
                hash.Add(key.Hash(row));
            }

            return hash.ToHashCode();
        }
    }
}

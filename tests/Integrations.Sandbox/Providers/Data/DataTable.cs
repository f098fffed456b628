using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>
/// The rows of one kind in an account. They follow from their index, so that a million take no memory; only what was changed, made or deleted is kept.
/// Generated rows are a minute apart from 2024 on; what happens to them later has the sandbox's time.
/// </summary>
public sealed class DataTable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, RowChange> _changes = new();
    private readonly RowKeys _keys;
    private int _generated;
    private int _total;
    private TableSnapshot? _snapshot;

    internal DataTable(AccountData account, RowType kind, int part)
    {
        (Account, Kind, Part) = (account, kind, part);
        Number = (account.Number * 100) + part;
        _keys = new RowKeys(this);
        _generated = _total = part == 0 ? kind.Rows : kind.RowsElsewhere;
        Seed = (ulong)(uint)Fnv($"{account.Owner.Provider}|{kind.Name}") << 16 ^ (ulong)(uint)Number;
    }

    public string Type => Kind.Name;

    /// <summary>Rows that are not deleted.</summary>
    public int Count => Snapshot.Live;

    /// <summary>How many rows a client of the provider made, and how many it changed, by the rows: a batch of ten counts ten.</summary>
    public int MadeByClient { get; private set; }

    public int ChangedByClient { get; private set; }

    internal AccountData Account { get; }

    internal RowType Kind { get; }

    /// <summary>0, or which of several tables of the type.</summary>
    internal int Part { get; }

    /// <summary>In ids, so that they differ between accounts.</summary>
    internal int Number { get; }

    internal ulong Seed { get; }

    /// <summary>How many rows there were before any came later.</summary>
    internal int Generated => _generated;

    internal TableSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot ??= new TableSnapshot(this, _generated, _total, _changes);
            }
        }
    }

    /// <summary>Begins anew with this many rows; what was changed is forgotten.</summary>
    public void Reset(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        lock (_gate)
        {
            _changes.Clear();
            _keys.Clear();
            (_generated, _total, MadeByClient, ChangedByClient, _snapshot) = (rows, rows, 0, 0, null);
        }
    }

    /// <summary>The id of a row, whether it is there or not; the first row has index 0.</summary>
    public string IdOf(int index) => RowAt(index).Id;

    /// <summary>Changes values of this many rows, all over the table, and tells their ids. Their time of change is now.</summary>
    public IReadOnlyList<string> Touch(int rows) => [.. Spread(rows).Select(index => Touch(RowAt(index)))];

    /// <summary>Deletes this many rows, all over the table.</summary>
    public IReadOnlyList<string> Delete(int rows) => [.. Spread(rows).Select(index =>
    {
        Remove(RowAt(index));
        return IdOf(index);
    })];

    /// <summary>This many rows come, as they were generated, with the time of now.</summary>
    public IReadOnlyList<string> Create(int rows) => [.. Enumerable.Range(0, rows).Select(_ => Add(null, null).Id)];

    /// <summary>Sets values of a row by their path in the provider's JSON, such as <c>address.city</c>.</summary>
    public void Edit(int index, params IEnumerable<(string Path, object? Value)> values)
    {
        var body = Existing(index).ToObject();
        foreach (var (path, value) in values)
        {
            JsonNode? parent = body;
            var names = path.Split('.');
            foreach (var name in names[..^1])
            {
                parent = parent![name] ??= new JsonObject();
            }

            parent![names[^1]] = System.Text.Json.JsonSerializer.SerializeToNode(value);
        }

        Put(RowAt(index), body);
    }

    public void DeleteAt(int index) => Remove(Existing(index));

    /// <summary>A row in the provider's own JSON.</summary>
    public JsonObject Read(int index) => Existing(index).ToObject();

    /// <summary>Null when there is none with this id, or it is deleted.</summary>
    public JsonObject? Read(string id) => Find(id) is { IsDeleted: false } row ? row.ToObject() : null;

    internal Row RowAt(int index) => new(this, index, _changes.GetValueOrDefault(index));

    /// <summary>Deleted rows too; null for an id that never was.</summary>
    internal Row? Find(string id) => Kind.ContentId is { } content ? content.Find(this, id) : Kind.Ids.IndexOf(Number, id) is { } index && index < _total ? RowAt(index) : null;

    internal IReadOnlyList<Row> FindByKey(string key) => _keys.Find(key);

    /// <summary>A row that a client makes, or, without a body, one that is generated.</summary>
    internal Row Add(JsonObject? body, Action<JsonObject, Row>? finish)
    {
        Row row;
        lock (_gate)
        {
            var (index, now) = (_total, Account.Now);
            var change = new RowChange(0, now, now, false, null);
            row = new Row(this, index, change);
            if (body is not null)
            {
                finish?.Invoke(body, row);
                Kind.Stamp(body, row);
                change = change with { Body = Bytes(body) };
                row = new Row(this, index, change);
                MadeByClient++;
            }

            _changes[index] = change;
            _total++;
            Keep(row);
        }

        Account.Log(row, ChangeKind.Created);
        if (body is not null)
        {
            Account.Owner.Record(row, isNew: true);
        }

        return row;
    }

    /// <summary>A row as a client changed it.</summary>
    internal Row Replace(Row row, JsonObject body)
    {
        var made = Put(row, body);
        lock (_gate)
        {
            ChangedByClient++;
        }

        Account.Owner.Record(made, isNew: false);
        return made;
    }

    internal void Remove(Row row)
    {
        lock (_gate)
        {
            var change = new RowChange(row.Revision + 1, row.Created, Account.Now, true, null);
            if (row.Body is not null)
            {
                var body = row.ToObject();
                Kind.Stamp(body, new Row(this, row.Index, change));
                change = change with { Body = Bytes(body) };
            }

            _changes[row.Index] = change;
            _snapshot = null;
        }

        Account.Log(RowAt(row.Index), ChangeKind.Deleted);
    }

    private string Touch(Row row)
    {
        if (row.Body is not null)
        {
            Put(row, row.ToObject());
            return row.Id;
        }

        Set(row, new RowChange(row.Revision + 1, row.Created, Account.Now, false, null));
        return row.Id;
    }

    private Row Put(Row row, JsonObject body)
    {
        var change = new RowChange(row.Revision + 1, row.Created, Account.Now, false, null);
        Kind.Stamp(body, new Row(this, row.Index, change));
        return Set(row, change with { Body = Bytes(body) });
    }

    private Row Set(Row row, RowChange change)
    {
        var made = new Row(this, row.Index, change);
        lock (_gate)
        {
            _changes[row.Index] = change;
            Keep(made);
        }

        Account.Log(made, ChangeKind.Updated);
        return made;
    }

    private void Keep(Row row)
    {
        _snapshot = null;
        if (row.Body is not null || row.Index >= _generated)
        {
            _keys.Add(row);
        }
    }

    private Row Existing(int index) => index >= 0 && index < _total && RowAt(index) is { IsDeleted: false } row
        ? row
        : throw new ArgumentException($"{Account.Owner.Provider} has no row {index} of {Type}; it has {Count}.", nameof(index));

    private List<int> Spread(int rows)
    {
        var live = Snapshot;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, live.Live);
        return [.. Enumerable.Range(0, rows).Select(i => live.IndexAt((int)((long)i * live.Live / rows)))];
    }

    private static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString(DataAnswer.AsWritten));

    private static int Fnv(string text) => text.Aggregate(unchecked((int)2166136261), (hash, c) => unchecked((hash ^ c) * 16777619));
}

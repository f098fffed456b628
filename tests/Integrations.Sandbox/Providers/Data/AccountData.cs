using System.Collections.Concurrent;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>Everything that one account has at a provider.</summary>
internal sealed class AccountData(ProviderData owner, int number)
{
    private readonly ConcurrentDictionary<(string Type, int Part), DataTable> _tables = new();
    private readonly Lock _gate = new();
    private readonly List<LoggedChange> _log = [];

    public ProviderData Owner => owner;

    public int Number => number;

    public SandboxAccount Account => new(owner.Provider, number);

    public DateTimeOffset Now => owner.Time.GetUtcNow();

    /// <param name="part">0, or which of several tables of the type, such as the members of the second list.</param>
    public DataTable this[string type, int part = 0] => _tables.GetOrAdd((type, part), key => new DataTable(this, owner.TypeOf(key.Type), key.Part));

    public IEnumerable<DataTable> Tables => _tables.Values;

    public void Log(Row row, ChangeKind kind)
    {
        lock (_gate)
        {
            _log.Add(new LoggedChange(_log.Count + 1, row.Table, row.Index, kind, kind == ChangeKind.Created ? row.Created : row.Updated));
        }
    }

    /// <summary>What happened after the rows were generated, the oldest first.</summary>
    public LoggedChange[] Changes()
    {
        lock (_gate)
        {
            return [.. _log];
        }
    }
}

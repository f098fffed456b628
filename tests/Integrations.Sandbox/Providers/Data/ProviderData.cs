using System.Collections.Concurrent;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>What a provider holds for all its accounts.</summary>
/// <param name="control">Told of what the real provider would have refused.</param>
internal sealed class ProviderData(ProviderControl control, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, AccountData> _accounts = new();
    private readonly ConcurrentQueue<ClientWrite> _writes = new();
    private IReadOnlyList<RowType> _types = [];

    public string Provider => control.Key;

    public TimeProvider Time => time;

    public bool Dirt { get; set; } = true;

    public IEnumerable<string> Types => _types.Select(type => type.Name);

    public IReadOnlyList<ClientWrite> Writes => [.. _writes];

    public void Hold(params IReadOnlyList<RowType> types) => _types = types;

    public AccountData Of(int account) => _accounts.GetOrAdd(account, number => new AccountData(this, number));

    public RowType TypeOf(string name) => _types.FirstOrDefault(type => type.Name == name)
        ?? throw new ArgumentException($"{control.Key} has no {name}; it has {string.Join(", ", Types)}.", nameof(name));

    public void Violated(HttpContext context, string rule) => control.Violated(context, rule);

    public void Record(Row row, bool isNew)
    {
        _writes.Enqueue(new ClientWrite(time.GetUtcNow(), row.Table.Type, row.Id, isNew));
        while (_writes.Count > 100_000)
        {
            _writes.TryDequeue(out _);
        }
    }

    public void ClearWrites() => _writes.Clear();

    public void Clear()
    {
        _accounts.Clear();
        Dirt = true;
    }
}

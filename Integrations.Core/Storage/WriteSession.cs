namespace Integrations.Core.Storage;

/// <summary>Plain SQL in a transaction of the group writer.</summary>
public abstract class WriteSession : QuerySession
{
    /// <summary>What follows a SELECT that claims rows: nodes on PostgreSQL pass by rows that another one holds. SQLite has one writer.</summary>
    public abstract string ForUpdateSkipLocked { get; }

    /// <summary>
    /// Until the transaction ends, nobody else who asks for one of the same names goes on. Names share a number of slots, so that many of them cost the server
    /// little. SQLite has one writer, so there it is done already. Ask once in a transaction, so that none waits for another in a circle.
    /// </summary>
    public abstract ValueTask LockAsync(IReadOnlyCollection<string> names);

    /// <returns>Rows changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(string sql, Action<ParameterBinder> bind);

    /// <summary>Runs one statement for each row, in one go.</summary>
    public abstract ValueTask ExecuteManyAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind);

    /// <summary>Tells the other parts of the hub, on every node, once the transaction has committed.</summary>
    public abstract void SignalAfterCommit(HubSignal signal);

    /// <summary>
    /// Tells the database to look at tables that have grown much: until it does by itself, within a minute or so, PostgreSQL plans as if they were empty, and walks whole
    /// indexes for each lot. SQLite plans without looking.
    /// </summary>
    public virtual ValueTask AnalyzeAsync(params IReadOnlyList<string> tables) => ValueTask.CompletedTask;
}

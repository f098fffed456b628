using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Hears the queries that contexts make, and asks the database how it would run the last one.</summary>
internal sealed class QueryPlans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private string? _plan;
    private bool _isAsking;
    private int _count;

    public QueryPlans() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>Runs a query once and tells its plan.</summary>
    public async Task<string> ExplainAsync(Func<Task> query)
    {
        _plan = null;
        _isAsking = true;
        await query();
        _isAsking = false;
        return _plan ?? "No query was made.";
    }

    /// <summary>Runs something once and tells how many queries it made.</summary>
    public async Task<int> CountAsync(Func<Task> action)
    {
        _count = 0;
        await action();
        return _count;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        _count += value.Key == RelationalEventId.CommandExecuting.Name ? 1 : 0;
        if (_isAsking && value.Value is CommandEventData { ExecuteMethod: DbCommandMethod.ExecuteReader } data && value.Key == RelationalEventId.CommandExecuting.Name)
        {
            _isAsking = false;
            _plan = Explain(data.Command);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    // On the connection and with the parameters of the query that is about to run.
    private static string Explain(DbCommand command)
    {
        var text = command.CommandText;
        var isSqlite = command is Microsoft.Data.Sqlite.SqliteCommand;
        command.CommandText = (isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ") + text;
        List<string> lines = [text];
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                lines.Add("    " + reader.GetString(isSqlite ? 3 : 0));
            }
        }

        command.CommandText = text;
        return string.Join('\n', lines);
    }
}

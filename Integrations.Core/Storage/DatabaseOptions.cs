namespace Integrations.Core.Storage;

/// <summary>Which database holds the hub's data.</summary>
public enum DatabaseProvider
{
    Sqlite,
    Postgres,
}

/// <summary>Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary><c>Sqlite</c> (a file under <c>Data:Directory</c>) or <c>Postgres</c> (<c>ConnectionStrings:Integrations</c>).</summary>
    public string Provider { get; set; } = nameof(DatabaseProvider.Sqlite);
}

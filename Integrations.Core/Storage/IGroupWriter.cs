namespace Integrations.Core.Storage;

/// <summary>
/// Writes the hot tables (events, deliveries, attempts, the request log). Many callers share it; when a call returns, its work is on disk.
/// On SQLite one writer gathers what waits into a single transaction; on PostgreSQL each call has a transaction of its own.
/// </summary>
public interface IGroupWriter
{
    /// <summary>
    /// Does work in a transaction. Work that throws is undone alone and the exception comes back here. It must not wait for anything but the session: on SQLite
    /// everyone's lot waits with it; on PostgreSQL it is done again when the server undid it because two waited for each other. It passes the tenant filter by, so it takes the organization explicitly.
    /// </summary>
    Task<T> WriteAsync<T>(Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken);
}

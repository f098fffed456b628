namespace Integrations.Core.Storage;

/// <summary>
/// Reads the hot tables beside the <see cref="IGroupWriter"/>, whose work it neither waits for nor holds up. It passes the tenant filter by, so it takes the organization
/// explicitly.
/// </summary>
public interface IHotReader
{
    /// <summary>Reads what is committed. Each query sees what was on disk when it began.</summary>
    Task<T> ReadAsync<T>(Func<QuerySession, ValueTask<T>> read, CancellationToken cancellationToken);
}

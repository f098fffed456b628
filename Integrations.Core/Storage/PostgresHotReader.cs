namespace Integrations.Core.Storage;

internal sealed class PostgresHotReader(Database database) : IHotReader
{
    public async Task<T> ReadAsync<T>(Func<QuerySession, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.HotPostgres!.OpenConnectionAsync(cancellationToken);
        return await read(new PostgresWriteSession(connection));
    }
}

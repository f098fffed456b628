using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>The hot writes on PostgreSQL: a transaction for each call; the server gathers their commits itself.</summary>
internal sealed class PostgresGroupWriter(Database database, PostgresSignalSender signals) : IGroupWriter
{
    private const int MaxTries = 5;

    public async Task<T> WriteAsync<T>(Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(work, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && tries < MaxTries)
            {
                // Of two that waited for each other the server undid this one, and the other has gone on.
            }
        }
    }

    private async Task<T> TryAsync<T>(Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.HotPostgres!.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        PostgresWriteSession session = new(connection);
        var result = await work(session);
        // No cancellation from here on: a caller who leaves during the commit would not know whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
        signals.Send(session.Signals);
        return result;
    }
}

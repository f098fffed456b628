namespace Integrations.Core.Storage;

/// <summary>The hot writes on PostgreSQL: a transaction for each call; the server gathers their commits itself.</summary>
internal sealed class PostgresGroupWriter(Database database, PostgresSignalSender signals) : IGroupWriter
{
    public async Task<T> WriteAsync<T>(Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.Postgres!.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        PostgresWriteSession session = new(connection);
        var result = await work(session);
        // No cancellation from here on: a caller who leaves during the commit would not know whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
        signals.Send(session.Signals);
        return result;
    }
}

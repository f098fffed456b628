using Integrations.Testing;
using Npgsql;

namespace Integrations.Core.Tests.Storage;

public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task Each_test_gets_a_database_of_its_own_from_one_server()
    {
        var server = await PostgresServer.SharedAsync();
        var one = await server.CreateDatabaseAsync();
        var other = await server.CreateDatabaseAsync();

        await ExecuteAsync(one, "CREATE TABLE notes (body text)");

        Assert.Equal(1L, await CountAsync(one, "SELECT count(*) FROM pg_tables WHERE tablename = 'notes'"));
        Assert.Equal(0L, await CountAsync(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'notes'"));
    }

    [PostgresFact]
    public async Task A_database_is_copied_from_a_template_that_was_just_in_use()
    {
        var server = await PostgresServer.SharedAsync();
        var template = await server.CreateDatabaseAsync();
        await ExecuteAsync(template, "CREATE TABLE notes (body text); INSERT INTO notes VALUES ('kept')");

        var copies = await Task.WhenAll(server.CreateDatabaseAsync(template), server.CreateDatabaseAsync(template));

        foreach (var copy in copies)
        {
            Assert.Equal(1L, await CountAsync(copy, "SELECT count(*) FROM notes WHERE body = 'kept'"));
        }
    }

    [PostgresFact]
    public async Task A_dropped_database_is_gone_even_while_it_is_open()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using var open = new NpgsqlConnection(database);
        await open.OpenAsync();

        await server.DropDatabaseAsync(database);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, refused.SqlState);
    }

    [PostgresFact(StopsServer = true)]
    public async Task Committed_rows_survive_a_crash_of_the_server()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE notes (body text); INSERT INTO notes VALUES ('committed')");

        await server.StopAsync(immediately: true);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(database, "SELECT 1"));
        await server.StartAsync();

        Assert.Equal(1L, await CountAsync(database, "SELECT count(*) FROM notes"));
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> CountAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

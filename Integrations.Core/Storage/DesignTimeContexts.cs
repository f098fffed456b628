using Integrations.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Integrations.Core.Storage;

/// <summary>For <c>dotnet ef</c> only: makes the contexts without the hub and without a database.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteIntegrationsDbContext>
{
    public SqliteIntegrationsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder().UseSqlite("Data Source=:memory:").Options, Actor.System("design"), new SqliteWriteGate());
}

internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresIntegrationsDbContext>
{
    public PostgresIntegrationsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder().UseNpgsql("Host=localhost").Options, Actor.System("design"));
}

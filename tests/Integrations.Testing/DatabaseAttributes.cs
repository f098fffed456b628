using System.Reflection;
using Integrations.Core.Storage;
using Xunit.Sdk;

namespace Integrations.Testing;

/// <summary>Runs a theory on SQLite: its parameter is a <see cref="DatabaseProvider"/>.</summary>
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[DatabaseProvider.Sqlite]];
}

/// <summary>Runs a theory on PostgreSQL too; skipped, with the reason, where there is none.</summary>
public sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute() => Skip = PostgresServer.Missing;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[DatabaseProvider.Postgres]];
}

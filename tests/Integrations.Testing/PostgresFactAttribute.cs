using Xunit;

namespace Integrations.Testing;

/// <summary>A test that is skipped, with the reason, where no PostgreSQL is installed. tests/run.sh installs it.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;

    /// <summary>The test stops or crashes its server, which it may not do to one that was given.</summary>
    public bool StopsServer
    {
        get;
        set
        {
            field = value;
            Skip ??= value ? PostgresServer.NotOurs : null;
        }
    }
}

/// <inheritdoc cref="PostgresFactAttribute"/>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}

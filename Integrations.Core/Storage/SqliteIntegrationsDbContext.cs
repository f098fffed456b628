using Integrations.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Storage;

/// <summary>The model on SQLite, with its own set of migrations.</summary>
public sealed class SqliteIntegrationsDbContext(DbContextOptions options, Actor actor, SqliteWriteGate gate) : IntegrationsDbContext(options, actor)
{
    /// <summary>SQLite has one writer: contexts queue with the group-commit writer in the process instead of polling for the file's lock.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        using (await gate.EnterAsync(cancellationToken))
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
    }

    /// <inheritdoc cref="SaveChangesAsync(bool, CancellationToken)"/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        using (gate.Enter())
        {
            return base.SaveChanges(acceptAllChangesOnSuccess);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Guid>().HaveConversion<BigEndianGuidConverter>();
    }
}

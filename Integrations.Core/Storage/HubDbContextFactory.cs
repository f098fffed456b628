using Integrations.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Storage;

/// <summary>Makes a context for one operation of one actor. There is no other way to a context, so nobody forgets whose data they see.</summary>
public sealed class HubDbContextFactory(Database database, SqliteWriteGate gate)
{
    private readonly Lazy<DbContextOptions> _options = new(database.ContextOptions);

    public IntegrationsDbContext Create(Actor actor) => database.Provider switch
    {
        DatabaseProvider.Sqlite => new SqliteIntegrationsDbContext(_options.Value, actor, gate),
        _ => new PostgresIntegrationsDbContext(_options.Value, actor),
    };
}

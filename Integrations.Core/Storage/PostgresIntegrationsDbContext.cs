using Integrations.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Storage;

/// <summary>The model on PostgreSQL, with its own set of migrations.</summary>
public sealed class PostgresIntegrationsDbContext(DbContextOptions options, Actor actor) : IntegrationsDbContext(options, actor);

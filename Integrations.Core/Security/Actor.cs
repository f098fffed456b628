using System.Collections.Frozen;

namespace Integrations.Core.Security;

/// <summary>What kind of actor did something.</summary>
public enum ActorKind
{
    System = 0,
    Member = 1,
    ApiKey = 2,
    AccessToken = 3,
}

/// <summary>Who acts: a member, an API key, an access token or a named worker of the hub. Nothing reads or writes tenant data without one.</summary>
public sealed record Actor
{
    private Actor(ActorKind kind, Guid? organizationId, Guid? id, string name)
    {
        Kind = kind;
        OrganizationId = organizationId;
        Id = id;
        Name = name;
    }

    public ActorKind Kind { get; }

    /// <summary>The organization whose data the actor sees; null only for a worker that serves them all.</summary>
    public Guid? OrganizationId { get; }

    /// <summary>The user's, key's or token's id; null for a worker.</summary>
    public Guid? Id { get; }

    /// <summary>An e-mail address, a key's name or a worker's name; for the audit log.</summary>
    public string Name { get; }

    public Role? Role { get; private init; }

    public FrozenSet<string> Scopes { get; private init; } = [];

    /// <summary>The address from which the actor came, when there is one.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The id of the request in which the actor acts, when there is one.</summary>
    public string? RequestId { get; init; }

    /// <summary>A person who is signed in.</summary>
    public static Actor Member(Guid organizationId, Guid userId, string email, Role role) =>
        new(ActorKind.Member, organizationId, userId, email) { Role = role };

    /// <summary>A program that calls with one of our API keys.</summary>
    public static Actor ApiKey(Guid organizationId, Guid keyId, string name, IEnumerable<string> scopes) =>
        new(ActorKind.ApiKey, organizationId, keyId, name) { Scopes = scopes.ToFrozenSet(StringComparer.Ordinal) };

    /// <summary>A worker of the hub that acts for one organization.</summary>
    public static Actor System(string name, Guid organizationId) => new(ActorKind.System, organizationId, null, name);

    /// <summary>A worker of the hub that serves every organization: the tenant filter lets it see all rows.</summary>
    public static Actor System(string name) => new(ActorKind.System, null, null, name);

    /// <summary>Whether the actor holds a permission by <see cref="AccessTable"/>.</summary>
    public bool Can(Permission permission) => Kind switch
    {
        ActorKind.System => true,
        ActorKind.Member => Role >= AccessTable.RoleFor(permission),
        _ => Scopes.Contains(Security.Scopes.Everything) || Scopes.Contains(AccessTable.ScopeFor(permission)),
    };

    /// <summary>Refuses with <see cref="RefusalKind.Forbidden"/> unless the actor holds a permission. Every service method calls it first.</summary>
    /// <returns>The actor's organization.</returns>
    public Guid Demand(Permission permission)
    {
        if (!Can(permission))
        {
            throw Kind == ActorKind.Member
                ? Refusal.Forbidden($"This needs the role {AccessTable.RoleFor(permission)}; yours is {Role}.")
                : Refusal.Forbidden($"This needs the scope {AccessTable.ScopeFor(permission)}, which this credential does not have.", AccessTable.ScopeFor(permission));
        }

        return OrganizationId ?? throw new InvalidOperationException($"The worker {Name} acts for no organization.");
    }
}

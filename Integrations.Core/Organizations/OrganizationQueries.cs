using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Organizations;

/// <summary>An organization as pages and the API show it.</summary>
public sealed record OrganizationRow(Guid Id, string Name, string Slug, DateTimeOffset CreatedAt);

/// <summary>A member as pages show it.</summary>
public sealed record MemberRow(Guid Id, Guid UserId, string Email, Role Role, DateTimeOffset CreatedAt);

/// <summary>A user's place in one of their organizations.</summary>
public sealed record Membership(Guid OrganizationId, string OrganizationName, string OrganizationSlug, Guid UserId, string Email, Role Role)
{
    /// <summary>The user as an actor in this organization.</summary>
    public Actor ToActor() => Actor.Member(OrganizationId, UserId, Email, Role);
}

public sealed class OrganizationQueries(HubDbContextFactory contexts)
{
    private static readonly Actor _actor = Actor.System("membership");

    /// <summary>Whether the installation has been set up.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_actor);
        return await db.Organizations.AnyAsync(cancellationToken);
    }

    public async Task<OrganizationRow> GetAsync(Actor actor, CancellationToken cancellationToken)
    {
        var id = actor.Demand(Permission.OrganizationRead);
        await using var db = contexts.Create(actor);
        return await db.Organizations.Where(organization => organization.Id == id)
            .Select(organization => new OrganizationRow(organization.Id, organization.Name, organization.Slug, organization.CreatedAt))
            .FirstAsync(cancellationToken);
    }

    public async Task<Page<MemberRow>> ListMembersAsync(Actor actor, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.MembersRead);
        await using var db = contexts.Create(actor);
        return await db.Members.ToPageAsync(
            page, member => new MemberRow(member.Id, member.UserId, member.User!.Email!, member.Role, member.CreatedAt), row => row.Id, cancellationToken);
    }

    /// <summary>The organizations of a user, oldest first. Read anew at every use, so that a role that was taken away is gone at once.</summary>
    public async Task<IReadOnlyList<Membership>> ListMembershipsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_actor);
        return await db.Members.Where(member => member.UserId == userId).OrderBy(member => member.Id)
            .Select(member => new Membership(member.OrganizationId, member.Organization!.Name, member.Organization.Slug, member.UserId, member.User!.Email!, member.Role))
            .ToListAsync(cancellationToken);
    }
}

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

    /// <summary>The organizations of a user, the one they work in first. Read anew at every use, so that a role that was taken away is gone at once.</summary>
    public async Task<IReadOnlyList<Membership>> ListMembershipsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_actor);
        return await db.Members.Where(member => member.UserId == userId)
            .OrderByDescending(member => member.OrganizationId == member.User!.CurrentOrganizationId).ThenBy(member => member.Id)
            .Select(member => new Membership(member.OrganizationId, member.Organization!.Name, member.Organization.Slug, member.UserId, member.User!.Email!, member.Role))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Remembers in which organization a user works now.</summary>
    /// <exception cref="Refusal">The user is not a member of it.</exception>
    public async Task WorkInAsync(Guid userId, Guid organizationId, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_actor);
        var member = await db.Members.Include(row => row.User).FirstOrDefaultAsync(row => row.UserId == userId && row.OrganizationId == organizationId, cancellationToken)
            ?? throw Refusal.NotFound("The organization");
        member.User!.CurrentOrganizationId = organizationId;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The organization that a command means: by its slug, or the only one.</summary>
    /// <exception cref="Refusal">There is none, or several and no slug.</exception>
    public async Task<OrganizationRow> FindForCommandAsync(string? slug, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_actor);
        var found = await db.Organizations.Where(organization => slug == null || organization.Slug == slug).OrderBy(organization => organization.Id).Take(2)
            .Select(organization => new OrganizationRow(organization.Id, organization.Name, organization.Slug, organization.CreatedAt)).ToListAsync(cancellationToken);
        return found.Count switch
        {
            1 => found[0],
            0 => throw Refusal.NotFound(slug is null ? "An organization" : $"The organization {slug}"),
            _ => throw Refusal.Invalid("organization", "There are several organizations: name one with --organization SLUG."),
        };
    }
}

using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Organizations;

/// <summary>Adds, changes and removes members.</summary>
public sealed class MemberService(HubDbContextFactory contexts, IServiceScopeFactory scopes, AuditLog audit, TimeProvider time)
{
    /// <summary>Adds a person with a first password that the Owner hands over; somebody who has an account already keeps theirs.</summary>
    /// <exception cref="Refusal">Malformed; the password is too weak; or the person is a member already.</exception>
    public async Task<MemberRow> AddAsync(Actor actor, string? email, string? password, Role role, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.MembersWrite);
        email = email?.Trim() ?? "";
        Faults faults = new();
        faults.AddIf(!email.Contains('@') || email.Length > 254, "email", "Give an e-mail address.");
        faults.AddIf(!Enum.IsDefined(role), "role", "role must be owner, admin or viewer.");
        faults.ThrowIfAny();

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var user = await users.FindByEmailAsync(email) ?? await CreateUserAsync(users, email, password, time.GetUtcNow());
        await using var db = contexts.Create(actor);
        if (await db.Members.AnyAsync(member => member.UserId == user.Id, cancellationToken))
        {
            throw Refusal.Conflict("email", $"{email} is a member already.");
        }

        var now = time.GetUtcNow();
        var added = new Member { Id = TimeOrderedId.New(now), OrganizationId = organization, UserId = user.Id, Role = role, CreatedAt = now };
        db.Members.Add(added);
        audit.Add(db, actor, organization, "member.added", PublicId.Format(PublicId.Member, added.Id), email, null, new { Email = email, Role = role });
        await db.SaveChangesAsync(cancellationToken);
        return new MemberRow(added.Id, user.Id, email, role, now);
    }

    /// <exception cref="Refusal">Not there, or the last Owner.</exception>
    public async Task ChangeRoleAsync(Actor actor, Guid memberId, Role role, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.MembersWrite);
        await using var db = contexts.Create(actor);
        var member = await FindAsync(db, memberId, cancellationToken);
        if (member.Role == role)
        {
            return;
        }

        await KeepAnOwnerAsync(db, member, cancellationToken);
        audit.Add(db, actor, organization, "member.role_changed", PublicId.Format(PublicId.Member, memberId), member.User!.Email!, new { member.Role }, new { Role = role });
        member.Role = role;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <exception cref="Refusal">Not there, or the last Owner.</exception>
    public async Task RemoveAsync(Actor actor, Guid memberId, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.MembersWrite);
        await using var db = contexts.Create(actor);
        var member = await FindAsync(db, memberId, cancellationToken);
        await KeepAnOwnerAsync(db, member, cancellationToken);
        db.Members.Remove(member);
        audit.Add(db, actor, organization, "member.removed", PublicId.Format(PublicId.Member, memberId), member.User!.Email!, new { member.User.Email, member.Role }, null);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Tells every organization of a person that they changed their password.</summary>
    public async Task RecordPasswordChangeAsync(AppUser user, string? ipAddress, string? requestId, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("account"));
        foreach (var member in await db.Members.Where(row => row.UserId == user.Id).ToListAsync(cancellationToken))
        {
            var actor = Actor.Member(member.OrganizationId, user.Id, user.Email!, member.Role) with { IpAddress = ipAddress, RequestId = requestId };
            audit.Add(db, actor, member.OrganizationId, "member.password_changed", PublicId.Format(PublicId.Member, member.Id), user.Email!, null, null);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <exception cref="Refusal">The password does not meet the rules.</exception>
    internal static async Task<AppUser> CreateUserAsync(UserManager<AppUser> users, string email, string? password, DateTimeOffset now)
    {
        var user = new AppUser { Id = TimeOrderedId.New(now), UserName = email, Email = email, CreatedAt = now };
        var result = await users.CreateAsync(user, password ?? "");
        if (result.Succeeded)
        {
            return user;
        }

        throw Refusal.Invalid([.. result.Errors.Select(error =>
            new Fault(error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "email", error.Description))]);
    }

    private static async Task<Member> FindAsync(IntegrationsDbContext db, Guid memberId, CancellationToken cancellationToken) =>
        await db.Members.Include(member => member.User).FirstOrDefaultAsync(member => member.Id == memberId, cancellationToken) ?? throw Refusal.NotFound("The member");

    private static async Task KeepAnOwnerAsync(IntegrationsDbContext db, Member member, CancellationToken cancellationToken)
    {
        if (member.Role == Role.Owner && await db.Members.CountAsync(row => row.Role == Role.Owner, cancellationToken) == 1)
        {
            throw Refusal.Unprocessable("role", "An organization needs an Owner. Make somebody else Owner first.");
        }
    }
}

using System.Text;
using Integrations.Core.ApiKeys;
using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Storage.KeyRing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Organizations;

/// <summary>What setup made. The key's text is shown this once.</summary>
public sealed record SetupResult(Guid OrganizationId, Guid UserId, string ApiKey);

/// <summary>Makes an organization with its Owner and a full-access API key: the first one in <c>/setup</c> or from configuration, others from the command line.</summary>
public sealed class SetupService(
    HubDbContextFactory contexts, IServiceScopeFactory scopes, ApiKeyService keys, AuditLog audit, IOptions<SetupOptions> options, SetupToken token, InstallationLock installation,
    IDataProtectionProvider dataProtection, TimeProvider time, ILogger<SetupService> log)
{
    private const string FirstKeyName = "First key";
    private const string TokenKey = "SetupToken";
    private readonly IDataProtector _protector = dataProtection.CreateProtector(TokenKey);

    /// <summary>At start: makes what <c>Setup:*</c> names, or writes to the log how to unlock <c>/setup</c>. Does nothing once an organization is there.</summary>
    /// <exception cref="Refusal">The values of <c>Setup:*</c> cannot be used.</exception>
    public async Task PrepareAsync(string setupUrl, CancellationToken cancellationToken)
    {
        // Nodes that start together: one sets up, the others find it done.
        await using var _ = await installation.TakeAsync(cancellationToken);
        if (await IsDoneAsync(cancellationToken))
        {
            return;
        }

        var given = options.Value;
        if (given.IsGiven)
        {
            await CreateAsync(given.Organization, given.AdminEmail, given.AdminPassword, given.ApiKey is { Length: > 0 } key ? key : null, cancellationToken);
            OrganizationLog.SetUpFromConfiguration(log, given.Organization!);
        }
        else
        {
            await ShareTokenAsync(cancellationToken);
            OrganizationLog.SetupWaits(log, setupUrl, token.Text);
        }
    }

    public async Task<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("setup"));
        return await db.Organizations.AnyAsync(cancellationToken);
    }

    /// <summary>The first organization, from the browser.</summary>
    /// <exception cref="Refusal">A wrong token; malformed; or set up already.</exception>
    public async Task<SetupResult> SetUpAsync(string? givenToken, string? organization, string? email, string? password, CancellationToken cancellationToken)
    {
        if (!token.Matches(givenToken))
        {
            throw Refusal.Invalid("token", "This is not the setup token. The hub wrote it to its log when it started.");
        }

        // Two submits at once, on two nodes even, must not make two organizations.
        await using var _ = await installation.TakeAsync(cancellationToken);
        return await IsDoneAsync(cancellationToken)
            ? throw Refusal.Conflict(null, "The hub has been set up already. Sign in instead.")
            : await CreateAsync(organization, email, password, null, cancellationToken);
    }

    /// <summary>Makes an organization and its Owner.</summary>
    /// <param name="apiKey">The text of its first key, or null to make one.</param>
    /// <exception cref="Refusal">Malformed, or the password is too weak.</exception>
    public async Task<SetupResult> CreateAsync(string? organization, string? email, string? password, string? apiKey, CancellationToken cancellationToken)
    {
        organization = organization?.Trim() ?? "";
        email = email?.Trim() ?? "";
        Faults faults = new();
        faults.AddIf(organization.Length is 0 or > Organization.MaxNameLength, "organization", $"Give the organization a name of at most {Organization.MaxNameLength} characters.");
        faults.AddIf(!email.Contains('@') || email.Length > 254, "email", "Give an e-mail address.");
        faults.AddIf(apiKey is not null && !ApiKeyText.IsWellFormed(apiKey), "apiKey", "The API key must be sk_ and 32 to 200 letters or digits.");
        faults.ThrowIfAny();

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var now = time.GetUtcNow();
        var user = await users.FindByEmailAsync(email) ?? await MemberService.CreateUserAsync(users, email, password, now);

        await using var db = contexts.Create(Actor.System("setup"));
        var row = new Organization { Id = TimeOrderedId.New(now), Name = organization, Slug = await FreeSlugAsync(db, organization, cancellationToken), CreatedAt = now };
        var owner = Actor.Member(row.Id, user.Id, email, Role.Owner);
        db.Organizations.Add(row);
        db.Members.Add(new Member { Id = TimeOrderedId.New(now), OrganizationId = row.Id, UserId = user.Id, Role = Role.Owner, CreatedAt = now });
        audit.Add(db, owner, row.Id, "organization.created", PublicId.Format(PublicId.Organization, row.Id), row.Name, null, new { row.Name, row.Slug });
        var text = apiKey ?? ApiKeyText.New();
        keys.Add(db, owner, row.Id, FirstKeyName, text, [Scopes.Everything], null);
        await db.SaveChangesAsync(cancellationToken);
        return new SetupResult(row.Id, user.Id, text);
    }

    // Every node takes the token of the first, since any of them may get the form.
    private async Task ShareTokenAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("setup"));
        if (await db.SystemSettings.FindAsync([TokenKey], cancellationToken) is { } shared)
        {
            token.Use(Encoding.UTF8.GetString(_protector.Unprotect(shared.Value)));
            return;
        }

        db.SystemSettings.Add(new SystemSetting { Key = TokenKey, Value = _protector.Protect(Encoding.UTF8.GetBytes(token.Text)) });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<string> FreeSlugAsync(IntegrationsDbContext db, string name, CancellationToken cancellationToken)
    {
        var wanted = Slug.From(name);
        var slug = wanted;
        for (var number = 2; await db.Organizations.AnyAsync(organization => organization.Slug == slug, cancellationToken); number++)
        {
            slug = $"{wanted}-{number}";
        }

        return slug;
    }
}

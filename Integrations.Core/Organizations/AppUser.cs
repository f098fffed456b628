using Microsoft.AspNetCore.Identity;

namespace Integrations.Core.Organizations;

/// <summary>A person who can sign in. Users belong to the installation; their roles belong to organizations.</summary>
public sealed class AppUser : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The organization in which the person worked last, when they are in several.</summary>
    public Guid? CurrentOrganizationId { get; set; }
}

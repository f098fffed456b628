using Integrations.Core.Security;

namespace Integrations.Web.Organizations;

/// <summary>The roles in words.</summary>
public static class RoleWords
{
    /// <summary>The roles, the one with the least rights first.</summary>
    public static IReadOnlyList<Role> All { get; } = [Role.Viewer, Role.Admin, Role.Owner];

    public static string Describe(Role role) => role switch
    {
        Role.Viewer => "reads everything but secrets and changes nothing",
        Role.Admin => "does everything but manage members and the organization itself",
        Role.Owner => "does everything, members and their roles included",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}

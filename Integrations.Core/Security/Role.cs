namespace Integrations.Core.Security;

/// <summary>What a member may do in an organization. A higher value includes the lower ones; <see cref="AccessTable"/> says what each may do.</summary>
public enum Role
{
    Viewer = 1,
    Admin = 2,
    Owner = 3,
}

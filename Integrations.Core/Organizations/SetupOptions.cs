namespace Integrations.Core.Organizations;

/// <summary>Section <c>Setup</c>: makes the first organization at the first start, without anybody at a browser.</summary>
public sealed class SetupOptions
{
    public string? AdminEmail { get; set; }

    public string? AdminPassword { get; set; }

    /// <summary>The organization's name.</summary>
    public string? Organization { get; set; }

    /// <summary>A full-access API key of the caller's choice: <c>sk_</c> and at least 32 letters or digits.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Whether anything is set; then all but the key must be.</summary>
    public bool IsGiven => AdminEmail is { Length: > 0 } || AdminPassword is { Length: > 0 } || Organization is { Length: > 0 } || ApiKey is { Length: > 0 };
}

namespace Integrations.Core.Storage;

/// <summary>A row that belongs to one organization. The context filters every query on it by the actor's organization.</summary>
public interface ITenantOwned
{
    Guid OrganizationId { get; }
}

/// <summary>A row whose key is a time-ordered id, so that lists can page by it.</summary>
public interface IHasId
{
    Guid Id { get; }
}

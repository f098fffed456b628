using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Web.Api;

namespace Integrations.Web.StoredKeys;

/// <summary>A stored key to create or change; in a change, what is absent stays. An empty <c>provider</c> lets the key connect any provider.</summary>
/// <param name="Value">The secret itself; no answer ever shows it.</param>
internal sealed record StoredKeyRequest(string? Name = null, string? Value = null, string? Provider = null, string? Service = null, string? Platform = null)
{
    // A record would write the secret into whatever text it is put in.
    public override string ToString() => nameof(StoredKeyRequest);

    /// <exception cref="Refusal">Malformed, or the provider is not in the catalogue: told together.</exception>
    public StoredKeyInput ToInput(ConnectorCatalog catalog, bool isNew)
    {
        var given = Provider ?? Service ?? Platform;
        var connector = catalog.Find(given);
        StoredKeyInput input = new() { Name = Name, Value = Value, Provider = connector?.Info.Key ?? given };
        Faults faults = new();
        input.Check(faults, isNew);
        faults.AddIf(given is { Length: > 0 } && connector is null, "provider", $"{given} is not a provider. GET /api/integrations lists all.");
        faults.ThrowIfAny();
        return input;
    }
}

internal sealed record StoredKeyResource(
    string Id, string Name, string Masked, string? Provider, string? Service, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? LastUsedAt)
{
    public static StoredKeyResource From(StoredKeyRow row) => new(
        PublicId.Format(PublicId.StoredKey, row.Id), row.Name, row.Masked, row.Provider, row.Provider, row.CreatedAt, row.UpdatedAt, row.LastUsedAt);
}

internal sealed record StoredKeyAnswer(StoredKeyResource ApiKey) : Answer;

internal sealed record StoredKeysAnswer(IReadOnlyList<StoredKeyResource> ApiKeys, string? NextCursor) : Answer;

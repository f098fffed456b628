namespace Integrations.Core.Connections;

/// <summary>What a caller gives to connect a provider with something filled in.</summary>
public sealed record ConnectInput
{
    public string? Provider { get; init; }

    /// <summary>The connection's name; the provider's when not given. For a webhook URL: the name of that URL.</summary>
    public string? Name { get; init; }

    /// <summary>The fields of an API key or a token, by the connector's names.</summary>
    public IReadOnlyDictionary<string, string>? Credentials { get; init; }

    /// <summary>A value for the one secret field of a provider that has just one: a key given without its field's name, or a stored key.</summary>
    public string? Secret { get; init; }

    /// <summary>A URL that receives events, for providers that are connected so.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The events for that URL; all when not given.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Permissions wanted; all that the connector marks as default when not given.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The connector's own settings.</summary>
    public IReadOnlyDictionary<string, string>? ProviderSettings { get; init; }

    /// <summary>Headers for that URL, such as a shared secret.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Whether the credential of another account may take the place of the one that is connected.</summary>
    public bool ReplaceAccount { get; init; }
}

/// <summary>What a caller changes of a connection; null leaves a member as it is.</summary>
public sealed record ConnectionChanges
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>By the names of <see cref="ConnectionSettings"/>; an empty value sets the default.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <summary>By the names of the connector's settings; an empty value takes a setting away.</summary>
    public IReadOnlyDictionary<string, string>? ProviderSettings { get; init; }
}

/// <summary>What a caller asks of a consent.</summary>
public sealed record ConsentInput
{
    public string? Provider { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The provider's scopes instead of permissions.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Where the browser goes afterwards: of the hub's own origin, or on the organization's list. Null for a page of the hub.</summary>
    public string? ReturnTo { get; init; }

    /// <summary>The caller's own state, given back at the end; null for one that the hub makes.</summary>
    public string? State { get; init; }
}

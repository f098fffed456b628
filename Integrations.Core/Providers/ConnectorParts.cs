using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers;

/// <summary>Something that a connection may be allowed to do.</summary>
/// <param name="Name"><c>read:contacts</c> or <c>write:invoices</c>.</param>
/// <param name="Words">What it means, as the consent page says it: "Read contacts".</param>
/// <param name="Scopes">The provider's scopes that it takes; none where the provider does not know scopes.</param>
public sealed record ConnectorPermission(string Name, string Words, IReadOnlyList<string> Scopes)
{
    /// <summary>Whether a connection makes sense without it, so that it can be unticked.</summary>
    public bool IsOptional { get; init; } = true;

    /// <summary>Whether it is ticked at first.</summary>
    public bool IsDefault { get; init; } = true;
}

/// <summary>Which way records go.</summary>
[Flags]
public enum SyncDirections
{
    None = 0,

    /// <summary>From the provider into the hub.</summary>
    In = 1,

    /// <summary>From the hub to the provider.</summary>
    Out = 2,

    Both = In | Out,
}

/// <summary>What a provider wants to be sent for a field that was emptied.</summary>
public enum EmptiedAs
{
    /// <summary>Nothing: it has no way to empty one, or none that is documented, so the value stays there.</summary>
    Nothing = 0,

    /// <summary>JSON's null.</summary>
    Null = 1,

    /// <summary>An empty text.</summary>
    EmptyText = 2,
}

/// <summary>A kind of record that the provider has and the hub syncs.</summary>
/// <param name="Name">The hub's name: <c>contacts</c>, <c>invoices</c>.</param>
/// <param name="Words">What the provider calls it: "Customers".</param>
public sealed record ConnectorDataType(string Name, string Words, SyncDirections Directions)
{
    private readonly string? _recordType;

    /// <summary>The hub's records that its rows become: <c>contacts</c>, <c>products</c>, <c>invoices</c>, <c>payments</c>, or generic ones under the data type's own name.</summary>
    public string RecordType
    {
        get => _recordType ?? Name;
        init => _recordType = value;
    }

    /// <summary>The provider's fields and the hub's, which administrators may change for a connection. Empty when the hub does not sync it.</summary>
    public IReadOnlyList<FieldMapping> Mapping { get; init; } = [];

    /// <summary>Rows that one call writes at most.</summary>
    public int WriteLot { get; init; } = 1;

    /// <summary>Whether the provider can tell what changed since a time. Without it every sync reads everything, and only changes are stored.</summary>
    public bool CanReadChanges { get; init; } = true;

    /// <summary>How far back the provider can tell changes; null for any time. After a longer pause everything is read.</summary>
    public TimeSpan? ChangesKept { get; init; }

    /// <summary>Whether the provider lets go of old rows by itself, so that one which is not there any more was not deleted, and stays.</summary>
    public bool ForgetsOld { get; init; }

    /// <summary>
    /// Whether its pages are counted by place, so that a row can slip from one page to another while they are read, and a pass miss it. What a pass did not find
    /// then goes only when the next complete one does not find it either.
    /// </summary>
    public bool MayMissRows { get; init; }

    /// <summary>Whether making a row twice by accident makes one: the provider has idempotency keys, or knows rows by a key of the hub's or by their e-mail or number.</summary>
    public bool CreatesOnce { get; init; }

    /// <summary>Fields without which a record does not go out: the provider knows nobody without an e-mail address.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The kinds of records that go out, beside those that have none: customers, but no vendors. Empty for all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>The statuses of records that go out, beside those that have none: payments that went through, but none that failed. Empty for all.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>How a text field of a known row is emptied that was emptied in the hub.</summary>
    public EmptiedAs EmptiedAs { get; init; }

    /// <summary>Whether it goes out as a whole file instead of row by row.</summary>
    public bool IsFile { get; init; }
}

/// <summary>A setting of a connection that only its provider has.</summary>
/// <param name="Name">As in requests: <c>audienceId</c>.</param>
/// <param name="Help">What it is for.</param>
public sealed record ConnectorSetting(string Name, string Label, string Help)
{
    /// <summary>Whether <see cref="Connector.ListChoicesAsync"/> lists what can be chosen.</summary>
    public bool HasChoices { get; init; }

    /// <summary>The form of a good value, as an anchored regular expression; empty for any.</summary>
    public string Pattern { get; init; } = "";

    public string? Default { get; init; }
}

/// <summary>Something that a setting can be set to.</summary>
public sealed record SettingChoice(string Value, string Label);

/// <summary>Something that a connection can do at a click or over REST.</summary>
/// <param name="Name">As in URLs: <c>send-message</c>.</param>
/// <param name="Permission">The permission that it takes.</param>
public sealed record ConnectorAction(string Name, string Label, string Permission, IReadOnlyList<ActionField> Fields);

/// <summary>What a field of an action takes.</summary>
public enum ActionFieldKind
{
    Text,
    LongText,
    Email,
    File,

    /// <summary>One of <see cref="Connector.ListChoicesAsync"/>.</summary>
    Choice,
}

/// <summary>One field of an action.</summary>
public sealed record ActionField(string Name, string Label, ActionFieldKind Kind = ActionFieldKind.Text)
{
    public bool IsOptional { get; init; }

    public string? Help { get; init; }

    public int MaxLength { get; init; } = 10_000;
}

/// <summary>A file that an action sends.</summary>
public sealed record ActionFile(string Name, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>What an action was asked to do.</summary>
public sealed record ActionInput(IReadOnlyDictionary<string, string> Values, ActionFile? File = null)
{
    /// <summary>A field's value, or null when it was left empty.</summary>
    public string? this[string name] => Values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}

/// <summary>What an action came to.</summary>
/// <param name="Message">What was done, in a sentence.</param>
/// <param name="Id">The provider's id of what was made, or null.</param>
/// <param name="Url">Where a person can see it, or null.</param>
public sealed record ActionAnswer(string Message, string? Id = null, string? Url = null);

/// <summary>What a provider allows one connection: requests within a time, and at once.</summary>
/// <param name="Requests">0 for no limit that is known.</param>
public sealed record ProviderRateLimit(int Requests, TimeSpan Per, int Concurrent = 10)
{
    public static ProviderRateLimit Unlimited { get; } = new(0, TimeSpan.FromSeconds(1));

    public static ProviderRateLimit PerSecond(int requests, int concurrent = 10) => new(requests, TimeSpan.FromSeconds(1), concurrent);

    public static ProviderRateLimit PerMinute(int requests, int concurrent = 10) => new(requests, TimeSpan.FromMinutes(1), concurrent);
}

/// <summary>What a provider's answer told of its own counting.</summary>
/// <param name="Name">"day", "minute".</param>
/// <param name="Limit">Null when only the rest is told.</param>
public sealed record ProviderQuota(string Name, long Remaining, long? Limit);

/// <summary>Whose account at the provider a connection uses.</summary>
/// <param name="Id">The provider's id of it: by this a reconnection knows another account.</param>
/// <param name="Name">What people call it.</param>
public sealed record ProviderAccount(string Id, string Name)
{
    /// <summary>Facts learnt on the way that later calls need, such as a tenant; none of them secret.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

using System.Globalization;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Shared;

namespace Integrations.Web.Audit;

/// <summary>The actions of the audit log in words.</summary>
internal static class AuditWords
{
    /// <summary>The areas by which the page filters.</summary>
    public static IReadOnlyList<FilterOption> Areas { get; } =
    [
        new("connection", "Connections"),
        new("provider", "Providers"),
        new("sync", "Syncs"),
        new("webhook", "Webhook endpoints"),
        new("delivery", "Deliveries"),
        new("replay", "Replays"),
        new("event_type", "Event types"),
        new("api_key", "API keys"),
        new("stored_key", "Stored keys"),
        new("member", "Members"),
        new("organization", "Organization"),
    ];

    private static readonly Dictionary<string, string> _things = new(StringComparer.Ordinal)
    {
        ["webhook"] = "webhook endpoint",
        ["api_key"] = "API key",
    };

    // What happens to connections reads better in words of its own.
    private static readonly Dictionary<string, string> _whole = new(StringComparer.Ordinal)
    {
        ["connection.created"] = "Connected a provider",
        ["connection.reconnected"] = "Reconnected a provider",
        ["connection.disconnected"] = "Disconnected a provider",
        ["connection.degraded"] = "A connection became degraded",
        ["connection.recovered"] = "A connection recovered",
        ["connection.needs_authorization"] = "A connection needs authorization",
        ["connection.configuration_error"] = "A connection has a configuration error",
        ["connection.refreshed"] = "Refreshed an access token",
        ["connection.consent_started"] = "Began a consent",
        ["connection.consent_refused"] = "A consent was refused",
        ["connection.consent_failed"] = "A consent failed",
        ["connection.consent_rejected"] = "A consent was rejected: it came back to another browser or person",
        ["connection.send-message"] = "Sent a message",
        ["connection.send-email"] = "Sent an e-mail",
        ["connection.upload-file"] = "Uploaded a file",
        ["sync.started"] = "Started a sync",
        ["sync.cancelled"] = "Cancelled a sync",
        ["sync.mapping_changed"] = "Changed a field mapping",
        ["sync.mapping_reset"] = "Reset a field mapping",
        ["sync.deletes_approved"] = "Let a sync delete records",
        ["sync.deletes_rejected"] = "Kept records that a sync would have deleted",
        ["record.created"] = "Created a record",
        ["record.updated"] = "Changed a record",
        ["record.deleted"] = "Deleted a record",
        ["record.bulk_changed"] = "Created or changed many records",
        ["provider.client_set"] = "Entered the OAuth client of a provider",
        ["provider.client_removed"] = "Removed the OAuth client of a provider",
        ["organization.return_urls_changed"] = "Changed the return URLs of the organization",
    };

    // Ids of these kinds have a page that /go finds.
    private static readonly string[] _linked = [PublicId.WebhookEndpoint, PublicId.Event, PublicId.Delivery, PublicId.Replay, PublicId.ApiKey, PublicId.StoredKey, PublicId.Connection, PublicId.SyncRun];

    /// <summary><c>webhook.created</c> is "Created a webhook endpoint"; an action that is new here still reads as words.</summary>
    public static string Describe(string action)
    {
        if (_whole.TryGetValue(action, out var words))
        {
            return words;
        }

        var dot = action.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return Sentence(action);
        }

        var area = action[..dot];
        var thing = _things.GetValueOrDefault(area) ?? Words(area);
        return action[(dot + 1)..] switch
        {
            "role_changed" => $"Changed the role of a {thing}",
            "updated" => $"Changed {Article(thing)} {thing}",
            var verb => $"{Sentence(verb)} {Article(thing)} {thing}",
        };
    }

    /// <summary>Who did it: a person or key by name, a part of the hub as such.</summary>
    public static string Actor(ActorKind kind, string name) => kind switch
    {
        ActorKind.Member => name,
        ActorKind.ApiKey => $"API key {name}",
        ActorKind.AccessToken => $"App {name}",
        _ => $"The hub ({name})",
    };

    public static string? TargetHref(string targetId) =>
        Array.Exists(_linked, prefix => PublicId.TryParse(prefix, targetId, out _)) ? $"/go/{targetId}" : null;

    private static string Article(string thing) => "aeiouAEIOU".Contains(thing[0], StringComparison.Ordinal) ? "an" : "a";

    private static string Words(string name) => name.Replace('_', ' ');

    private static string Sentence(string name) => string.Concat(name[..1].ToUpper(CultureInfo.InvariantCulture), Words(name[1..]));
}

using System.Collections.Concurrent;
using System.Globalization;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Slack;

internal sealed record SlackChannel(Row Row, bool IsMember)
{
    public string Id => Row.Id;

    public string Name => SlackTypes.ChannelName(Row);

    public bool IsPrivate => Name == "finance";

    // A channel cannot be deleted, only archived.
    public bool IsArchived => Name == "old-project" || Row.IsDeleted;

    public object View() => new
    {
        id = Id,
        name = Name,
        is_channel = !IsPrivate,
        is_group = IsPrivate,
        is_private = IsPrivate,
        is_archived = IsArchived,
        is_member = IsMember,
        created = Row.Created.ToUnixTimeSeconds(),
        updated = Row.Updated.ToUnixTimeMilliseconds(),
        num_members = 3 + Name.Length,
        topic = new { value = Row.Revision == 0 ? $"About {Name}" : $"About {Name}, {Row.Revision} times changed" },
        purpose = new { value = "" },
    };
}

/// <summary>The channels of each workspace. The app is in some of them.</summary>
internal sealed class SlackChannels(ProviderControl control)
{
    private readonly ConcurrentDictionary<string, bool> _joined = new(StringComparer.Ordinal);

    /// <summary>Null when the cursor is none of this list.</summary>
    public (IEnumerable<object> Channels, string Next)? Page(SandboxAccount account, string[] types, bool excludeArchived, int limit, string cursor)
    {
        var all = All(account)
            .Where(channel => types.Contains(channel.IsPrivate ? "private_channel" : "public_channel", StringComparer.Ordinal) && !(excludeArchived && channel.IsArchived))
            // The real one shows an app only those private channels that it is in.
            .Where(channel => !channel.IsPrivate || channel.IsMember)
            .ToList();
        return SlackCursor.TryRead(cursor, out var start)
            ? (all.Skip(start).Take(limit).Select(channel => channel.View()), SlackCursor.After(start, limit, all.Count))
            : null;
    }

    /// <summary>By id, or by name as chat.postMessage allows.</summary>
    public SlackChannel? Find(SandboxAccount account, string idOrName) =>
        All(account).FirstOrDefault(channel => channel.Id == idOrName || channel.Name == idOrName.TrimStart('#'));

    public SlackChannel Join(SandboxAccount account, SlackChannel channel)
    {
        _joined[channel.Id] = true;
        return Find(account, channel.Id)!;
    }

    private IEnumerable<SlackChannel> All(SandboxAccount account)
    {
        var table = control.Data.Of(account.Number)["channels"];
        return Enumerable.Range(0, table.Snapshot.Total).Select(table.RowAt).Select(row =>
            new SlackChannel(row, SlackTypes.ChannelName(row) is "general" or "sales" or "finance" || _joined.ContainsKey(row.Id)));
    }
}

internal static class SlackCursor
{
    private const string Prefix = "offset:";

    public static bool TryRead(string cursor, out int offset)
    {
        offset = 0;
        return cursor.Length == 0 || (cursor.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(cursor.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out offset));
    }

    /// <summary>Empty on the last page.</summary>
    public static string After(int start, int limit, int count) => start + limit < count ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{start + limit}") : "";
}

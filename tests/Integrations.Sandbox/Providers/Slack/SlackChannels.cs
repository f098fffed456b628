using System.Collections.Concurrent;
using System.Globalization;

namespace Integrations.Sandbox.Providers.Slack;

internal sealed record SlackChannel(string Id, string Name, bool IsPrivate, bool IsArchived, bool IsMember)
{
    public object View() => new
    {
        id = Id,
        name = Name,
        is_channel = !IsPrivate,
        is_group = IsPrivate,
        is_private = IsPrivate,
        is_archived = IsArchived,
        is_member = IsMember,
        num_members = 3 + Name.Length,
        topic = new { value = $"About {Name}" },
        purpose = new { value = "" },
    };
}

/// <summary>The channels of each workspace. The app is in some of them.</summary>
internal sealed class SlackChannels
{
    private static readonly string[] _names = ["general", "sales", "invoices", "random", "support", "finance", "old-project", "marketing", "orders"];

    private readonly ConcurrentDictionary<string, bool> _joined = new(StringComparer.Ordinal);

    /// <summary>Null when the cursor is none of this list.</summary>
    public (IEnumerable<object> Channels, string Next)? Page(SandboxAccount account, string[] types, bool excludeArchived, int limit, string cursor)
    {
        var all = All(account)
            .Where(channel => types.Contains(channel.IsPrivate ? "private_channel" : "public_channel", StringComparer.Ordinal) && !(excludeArchived && channel.IsArchived))
            // The real one shows an app only those private channels that it is in.
            .Where(channel => !channel.IsPrivate || channel.IsMember)
            .ToList();
        var start = 0;
        if (cursor.Length > 0 && (!cursor.StartsWith("offset:", StringComparison.Ordinal) || !int.TryParse(cursor[7..], NumberStyles.None, CultureInfo.InvariantCulture, out start)))
        {
            return null;
        }

        var next = start + limit < all.Count ? string.Create(CultureInfo.InvariantCulture, $"offset:{start + limit}") : "";
        return (all.Skip(start).Take(limit).Select(channel => channel.View()), next);
    }

    /// <summary>By id, or by name as chat.postMessage allows.</summary>
    public SlackChannel? Find(SandboxAccount account, string idOrName) =>
        All(account).FirstOrDefault(channel => channel.Id == idOrName || channel.Name == idOrName.TrimStart('#'));

    public SlackChannel Join(SandboxAccount account, SlackChannel channel)
    {
        _joined[channel.Id] = true;
        return Find(account, channel.Id)!;
    }

    private IEnumerable<SlackChannel> All(SandboxAccount account) => _names.Select(name =>
    {
        var id = "C" + account.Letters("channel " + name, 10);
        return new SlackChannel(id, name, name == "finance", name == "old-project", name is "general" or "sales" or "finance" || _joined.ContainsKey(id));
    });
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;

namespace Integrations.Core.Providers.Connectors;

/// <summary>Channels, people and messages of a workspace as the hub syncs them.</summary>
internal static class SlackData
{
    private const int ListLot = 200;
    private const int MessageLot = 200;
    private const char Separator = '|';

    public static IReadOnlyList<ConnectorDataType> Types { get; } =
    [
        new("channels", "Channels", SyncDirections.In)
        {
            Mapping =
            [
                new("name", "name"),
                new("is_archived", "status") { Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["true"] = "archived", ["false"] = "active" } },
                new("is_private", "isPrivate"),
                new("is_member", "isMember"),
                new("num_members", "members"),
                new("topic.value", "topic"),
                new("purpose.value", "purpose"),
            ],
            CanReadChanges = false,
        },
        new("users", "Users", SyncDirections.In)
        {
            Mapping =
            [
                new("real_name", "name"),
                new("profile.real_name", "name"),
                new("name", "name"),
                new("profile.display_name", "displayName"),
                new("profile.first_name", "firstName"),
                new("profile.last_name", "lastName"),
                new("profile.email", "email"),
                new("profile.phone", "phone"),
                new("profile.title", "title"),
                new("is_bot", "isBot"),
                new("tz", "timeZone"),
            ],
            CanReadChanges = false,
        },
        new("messages", "Messages", SyncDirections.In)
        {
            Mapping =
            [
                new("channel", "channel"),
                new("user", "user"),
                new("text", "text"),
                new("subtype", "type"),
                new("thread_ts", "thread"),
                new("time", "time", FieldTransform.Time),
                new("time", "date", FieldTransform.Date),
            ],
        },
    ];

    public static async Task<RemotePage> ReadChannelsAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var page = await ListChannelsAsync(session, request.Cursor, cancellationToken);
        return new RemotePage([.. page.ItemsAt("channels").Select(channel => new RemoteRow(channel.TextAt("id") ?? "", channel, TimeOf(channel.TextAt("updated"))))], NextOf(page));
    }

    public static async Task<RemotePage> ReadUsersAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var page = (await session.GetAsync($"/users.list?limit={ListLot}{CursorOf(request.Cursor)}", cancellationToken)).Json;
        return new RemotePage(
            [.. page.ItemsAt("members").Select(user => new RemoteRow(user.TextAt("id") ?? "", user, TimeOf(user.TextAt("updated"))) { IsDeleted = user.TextAt("deleted") == "true" })], NextOf(page));
    }

    // A cursor has the place in the channel's messages, the channels of the page that are still to be read, and where the next page of channels begins.
    public static async Task<RemotePage> ReadMessagesAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken)
    {
        var place = request.Cursor?.Split(Separator);
        if (place is not [var at, var rest, var next])
        {
            return await BeginAsync(session, null, cancellationToken);
        }

        var channels = rest.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (channels.Length == 0)
        {
            return next.Length > 0 ? await BeginAsync(session, next, cancellationToken) : new RemotePage([], null);
        }

        var oldest = request.Since is { } since ? $"&inclusive=true&oldest={since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.000000" : "";
        var page = (await session.GetAsync($"/conversations.history?channel={Uri.EscapeDataString(channels[0])}&limit={MessageLot}{oldest}{CursorOf(at)}", cancellationToken)).Json;
        List<RemoteRow> rows = [.. page.ItemsAt("messages").Select(message => MessageOf(channels[0], message))];
        var more = NextOf(page);
        var left = more is null ? channels[1..] : channels;
        return new RemotePage(rows, left.Length == 0 && next.Length == 0 ? null : string.Join(Separator, more, string.Join(',', left), next));
    }

    private static async Task<RemotePage> BeginAsync(ProviderSession session, string? cursor, CancellationToken cancellationToken)
    {
        var page = await ListChannelsAsync(session, cursor, cancellationToken);
        // The app reads only where it was invited.
        var channels = page.ItemsAt("channels").Where(channel => channel.TextAt("is_member") == "true").Select(channel => channel.TextAt("id")).ToList();
        var next = NextOf(page);
        return new RemotePage([], channels.Count == 0 && next is null ? null : string.Join(Separator, "", string.Join(',', channels), next));
    }

    private static async Task<JsonElement> ListChannelsAsync(ProviderSession session, string? cursor, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.GetAsync($"/conversations.list?types=public_channel,private_channel&limit={ListLot}{CursorOf(cursor)}", cancellationToken)).Json;
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Forbidden)
        {
            // A pasted token may have been made without groups:read.
            return (await session.GetAsync($"/conversations.list?types=public_channel&limit={ListLot}{CursorOf(cursor)}", cancellationToken)).Json;
        }
    }

    private static RemoteRow MessageOf(string channel, JsonElement message)
    {
        var time = message.TextAt("ts") ?? "";
        var content = JsonObject.Create(message)!;
        (content["channel"], content["time"]) = (channel, time.Split('.')[0]);
        // A message is known by its time, within its channel only.
        return new RemoteRow($"{channel}:{time}", JsonSerializer.SerializeToElement(content), TimeOf(message.TextAt("edited", "ts") ?? time));
    }

    // Seconds with a number behind them that tells those of one second apart; or seconds, or milliseconds.
    private static DateTimeOffset? TimeOf(string? text) => text is null ? null : ValueForms.ReadTime(text.Split('.')[0]);

    private static string CursorOf(string? cursor) => string.IsNullOrEmpty(cursor) ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";

    private static string? NextOf(JsonElement page) => page.TextAt("response_metadata", "next_cursor") is { Length: > 0 } next ? next : null;
}

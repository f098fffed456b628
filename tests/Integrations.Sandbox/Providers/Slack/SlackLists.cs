using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Slack;

/// <summary>users.list, users.lookupByEmail and conversations.history.</summary>
internal sealed class SlackLists(SlackProvider provider, SlackChannels channels)
{
    private readonly KeptCursors _cursors = new("slack", provider.Clock, TimeSpan.FromHours(1));

    public IResult Users(HttpContext context, AccessToken token, IReadOnlyDictionary<string, string> arguments)
    {
        if (!TryLimit(arguments, 1000, 1000, out var limit))
        {
            return Wrong(context, "limit must be 1 to 1000", "invalid_limit");
        }

        if (!SlackCursor.TryRead(arguments.GetValueOrDefault("cursor", ""), out var start))
        {
            return SlackApi.Error("invalid_cursor");
        }

        var table = Data(token)["users"];
        var total = table.Snapshot.Total;
        var seesEmail = SeesEmail(token);
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok", true);
            writer.WriteStartArray("members");
            // Those who are gone stay in the list, as deleted.
            for (var index = start; index < Math.Min(total, start + limit); index++)
            {
                WriteUser(writer, table.RowAt(index), seesEmail);
            }

            writer.WriteEndArray();
            writer.WriteNumber("cache_ts", table.Account.Now.ToUnixTimeSeconds());
            Next(writer, SlackCursor.After(start, limit, total));
            writer.WriteEndObject();
        });
    }

    public IResult Lookup(HttpContext context, AccessToken token, IReadOnlyDictionary<string, string> arguments) =>
        arguments.GetValueOrDefault("email", "") is { Length: > 0 } email && Data(token)["users"].FindByKey(email) is [var row, ..]
            ? new DataAnswer(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("ok", true);
                writer.WritePropertyName("user");
                row.WriteTo(writer);
                writer.WriteEndObject();
            })
            : SlackApi.Error("users_not_found");

    /// <summary>The newest first.</summary>
    public IResult History(HttpContext context, AccessToken token, IReadOnlyDictionary<string, string> arguments)
    {
        if (!TryLimit(arguments, 100, 999, out var limit))
        {
            return Wrong(context, "limit must be 1 to 999", "invalid_limit");
        }

        if (channels.Find(token.Grant.Account, arguments.GetValueOrDefault("channel", "")) is not { } channel || channel.Id != arguments["channel"])
        {
            return SlackApi.Error("channel_not_found");
        }

        var scope = channel.IsPrivate ? "groups:history" : "channels:history";
        if (!token.Grant.IsKey && !token.Grant.Scopes.Contains(scope, StringComparer.Ordinal))
        {
            provider.Control.Violated(context, $"the history of this channel needs the scope {scope}");
            return Answer.Json(new { ok = false, error = "missing_scope", needed = scope, provided = string.Join(',', token.Grant.Scopes) });
        }

        if (!channel.IsMember)
        {
            return SlackApi.Error("not_in_channel");
        }

        FoundRows found;
        var start = 0;
        var cursor = arguments.GetValueOrDefault("cursor", "");
        if (cursor.Length > 0)
        {
            if (_cursors.Find(cursor) is not var (rows, offset))
            {
                return SlackApi.Error("invalid_cursor");
            }

            (found, start) = (rows, offset);
        }
        else if (Found(Data(token)["messages", channel.Row.Index], arguments) is { } all)
        {
            found = all;
        }
        else
        {
            return Wrong(context, "oldest and latest are timestamps such as 1234567890.123456", "invalid_ts_oldest");
        }

        var page = found.Page(start, limit).ToList();
        var hasMore = start + page.Count < found.Count;
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok", true);
            writer.WriteRows("messages", page);
            writer.WriteBoolean("has_more", hasMore);
            Next(writer, hasMore ? _cursors.Token(cursor.Length > 0 ? cursor : null, found, start + page.Count) : "");
            writer.WriteEndObject();
        });
    }

    private static FoundRows? Found(DataTable table, IReadOnlyDictionary<string, string> arguments)
    {
        if (!TryTime(arguments.GetValueOrDefault("oldest", "0"), out var oldest) || !TryTime(arguments.GetValueOrDefault("latest", "99999999999"), out var latest))
        {
            return null;
        }

        var isInclusive = arguments.GetValueOrDefault("inclusive", "") is "true" or "1";
        var snapshot = table.Snapshot;
        var first = snapshot.FirstCreatedSince(DateTimeOffset.FromUnixTimeSeconds((long)oldest));
        return FoundRows.Of([.. snapshot.Descending(int.MaxValue).TakeWhile(row => row.Index >= first).Where(row =>
        {
            var at = decimal.Parse(SlackTypes.Timestamp(row), CultureInfo.InvariantCulture);
            return isInclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
        })]);
    }

    private AccountData Data(AccessToken token) => provider.Control.Data.Of(token.Grant.Account.Number);

    private static bool SeesEmail(AccessToken token) => token.Grant.IsKey || token.Grant.Scopes.Contains("users:read.email", StringComparer.Ordinal);

    private static void WriteUser(Utf8JsonWriter writer, Row row, bool seesEmail)
    {
        if (seesEmail)
        {
            row.WriteTo(writer);
            return;
        }

        var user = row.ToObject();
        user["profile"]!.AsObject().Remove("email");
        user.WriteTo(writer, DataAnswer.AsWritten);
    }

    private static void Next(Utf8JsonWriter writer, string cursor)
    {
        writer.WriteStartObject("response_metadata");
        writer.WriteString("next_cursor", cursor);
        writer.WriteEndObject();
    }

    private static bool TryTime(string text, out decimal time) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out time) && time < 100_000_000_000;

    private static bool TryLimit(IReadOnlyDictionary<string, string> arguments, int byDefault, int most, out int limit)
    {
        limit = byDefault;
        return !arguments.TryGetValue("limit", out var text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= most);
    }

    private IResult Wrong(HttpContext context, string rule, string error)
    {
        provider.Control.Violated(context, rule);
        return SlackApi.Error(error);
    }
}

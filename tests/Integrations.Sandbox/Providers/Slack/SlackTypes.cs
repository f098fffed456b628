using System.Globalization;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Slack;

/// <summary>What a workspace has. Users are never deleted but deactivated, channels archived.</summary>
internal static class SlackTypes
{
    private static readonly string[] _names = ["general", "sales", "invoices", "random", "support", "finance", "old-project", "marketing", "orders"];
    private static readonly string[] _texts = ["Invoice sent", "Who is on call?", "The order has arrived", "Thanks!", "Please have a look at this <https://example.com|page>", "Lunch? :pizza:", "Numbers &amp; charts are in"];
    private static readonly RowIds _channels = RowIds.Prefixed("C", 10);

    public static IReadOnlyList<RowType> All { get; } =
    [
        new("channels", _names.Length, _channels, static (writer, row) => JsonSerializer.Serialize(writer, new SlackChannel(row, IsMember: false).View())) { ContentId = (ChannelId, FindChannel) },
        new("users", 200, RowIds.Prefixed("U", 10), User) { Key = row => row.Email(), KeyIn = body => body.GetProperty("profile").Text("email") },
        new("messages", 500, RowIds.Numbers(0), Message) { RowsElsewhere = 100, ContentId = (Timestamp, FindMessage) },
    ];

    public static string ChannelName(Row row) => row.Index < _names.Length ? _names[row.Index] : string.Create(CultureInfo.InvariantCulture, $"project-{row.Index}");

    /// <summary>A message's id in its channel, and its time: seconds, and a number that keeps those of the same second apart.</summary>
    public static string Timestamp(Row row) => string.Create(CultureInfo.InvariantCulture, $"{row.Created.ToUnixTimeSeconds()}.{row.Index:000000}");

    private static string ChannelId(Row row) => row.Index < _names.Length ? "C" + row.Table.Account.Account.Letters("channel " + _names[row.Index], 10) : _channels.Of(row.Table.Number, row.Index);

    private static Row? FindChannel(DataTable table, string id)
    {
        var index = _channels.IndexOf(table.Number, id) ?? Enumerable.Range(0, Math.Min(_names.Length, table.Snapshot.Total)).FirstOrDefault(index => table.RowAt(index).Id == id, -1);
        return index >= 0 && index < table.Snapshot.Total ? table.RowAt(index) : null;
    }

    private static Row? FindMessage(DataTable table, string ts) =>
        ts.Split('.') is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < table.Snapshot.Total && table.RowAt(index) is var row && row.Id == ts ? row : null;

    private static void User(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("team_id", SlackApi.TeamId(row.Table.Account.Account));
        writer.WriteString("name", row.SureEmail().Split('@')[0]);
        writer.WriteBoolean("deleted", row.IsDeleted);
        writer.WriteBoolean("is_bot", row.Hash(100) % 25 == 0);
        writer.WriteString("real_name", row.FullName());
        writer.WriteString("tz", "Europe/Berlin");
        writer.WriteNumber("updated", row.Updated.ToUnixTimeSeconds());
        writer.WriteStartObject("profile");
        writer.WriteString("real_name", row.FullName());
        writer.WriteString("display_name", row.FirstName());
        writer.WriteString("first_name", row.FirstName());
        writer.WriteString("last_name", row.LastName());
        writer.WriteText("phone", row.Phone(), row);
        writer.WriteString("title", row.Title());
        if (row.Email() is { } email)
        {
            writer.WriteString("email", email);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Message(Utf8JsonWriter writer, Row row)
    {
        var user = row.Of("users");
        writer.WriteStartObject();
        writer.WriteString("type", "message");
        writer.WriteString("user", user.Id);
        writer.WriteString("text", row.Dirt switch
        {
            Dirt.OddLetters => "שלום 👋🏽 مرحبا",
            Dirt.ControlCharacters => "first \"line\"\nsecond\tline\u0001",
            _ => $"{row.Pick(_texts, 101)}{(row.Revision > 0 ? " (edited)" : "")}",
        });
        writer.WriteString("ts", row.Id);
        writer.WriteString("team", SlackApi.TeamId(row.Table.Account.Account));
        if (row.Revision > 0)
        {
            writer.WriteStartObject("edited");
            writer.WriteString("user", user.Id);
            writer.WriteString("ts", string.Create(CultureInfo.InvariantCulture, $"{row.Updated.ToUnixTimeSeconds()}.000000"));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}

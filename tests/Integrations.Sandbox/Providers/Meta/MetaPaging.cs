using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>Lists of the Graph API: <c>limit</c>, and cursors that go on where a page ended.</summary>
internal static class MetaPaging
{
    private const int Most = 100;

    /// <summary>Null for a cursor that is none.</summary>
    public static (int Limit, int? After)? Read(IQueryCollection query)
    {
        var limit = int.TryParse(query["limit"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, Most) : 25;
        var after = query["after"].ToString();
        if (after.Length == 0)
        {
            return (limit, null);
        }

        var bytes = new byte[64];
        return after.Length < 80 && Base64Url.TryDecodeFromChars(after, bytes, out var length) && int.TryParse(Encoding.ASCII.GetString(bytes, 0, length), CultureInfo.InvariantCulture, out var at)
            ? (limit, at)
            : null;
    }

    public static string Cursor(int at) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(at.ToString(CultureInfo.InvariantCulture)));

    /// <param name="before">Where the page begins.</param>
    /// <param name="next">The address of the next page, which real answers have beside the cursor; null on the last.</param>
    public static void Write(Utf8JsonWriter writer, int before, int after, string? next)
    {
        writer.WriteStartObject("paging");
        writer.WriteStartObject("cursors");
        writer.WriteString("before", Cursor(before));
        writer.WriteString("after", Cursor(after));
        writer.WriteEndObject();
        if (next is not null)
        {
            writer.WriteString("next", $"{next}&after={Cursor(after)}");
        }

        writer.WriteEndObject();
    }

    /// <summary>Items one after the other.</summary>
    public static IResult Page(HttpContext context, string url, IReadOnlyList<object> items, (int Limit, int? After) asked)
    {
        var start = asked.After ?? 0;
        var page = items.Skip(start).Take(asked.Limit).ToList();
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("data");
            JsonSerializer.Serialize(writer, page, DataAnswer.AsWritten);
            if (page.Count > 0)
            {
                Write(writer, start, start + page.Count, start + page.Count < items.Count ? $"{url}?limit={asked.Limit}" : null);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Seconds, or a date. Null when it is neither.</summary>
    public static DateTimeOffset? Time(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : null;

    /// <summary>The days from <c>since</c> up to, but without, <c>until</c>; the two before today when nothing is said. Null when they are no times, or too many days.</summary>
    public static List<DateTimeOffset>? Days(string since, string until, DateTimeOffset now, int most)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if ((until.Length == 0 ? today : Time(until)) is not { } end || (since.Length == 0 ? end.AddDays(-2) : Time(since)) is not { } start)
        {
            return null;
        }

        var first = new DateTimeOffset(start.UtcDateTime.Date, TimeSpan.Zero);
        var count = (int)Math.Clamp(Math.Ceiling((end - first).TotalDays), 0, 100_000);
        return count > most ? null : [.. Enumerable.Range(0, count).Select(day => first.AddDays(day))];
    }

    /// <summary>A number for a day: always the same for what it is of.</summary>
    public static int Measure(string of, string metric, DateTimeOffset day, int most) => (int)(long.Parse(Mint.Digits(9, of, metric, day.Day()), CultureInfo.InvariantCulture) % most);
}

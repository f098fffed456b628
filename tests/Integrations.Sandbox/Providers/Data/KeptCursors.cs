using System.Collections.Concurrent;
using System.Globalization;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>Searches that go on by a token: what they found keeps its order while they go.</summary>
internal sealed class KeptCursors(string provider, TimeProvider time, TimeSpan life)
{
    private const int Most = 200;

    private readonly ConcurrentDictionary<string, (int Number, DateTimeOffset At, FoundRows Rows)> _kept = new(StringComparer.Ordinal);
    private int _made;

    /// <param name="token">The one that led here; null for a new search.</param>
    public string Token(string? token, FoundRows rows, int offset)
    {
        var key = token?.Split('-')[0];
        if (key is null)
        {
            var number = Interlocked.Increment(ref _made);
            key = Mint.Letters(40, provider, "cursor", number);
            _kept[key] = (number, time.GetUtcNow(), rows);
            foreach (var old in _kept.Where(kept => kept.Value.Number <= number - Most))
            {
                _kept.TryRemove(old);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{key}-{offset}");
    }

    /// <summary>Null when there is none, or it is too old.</summary>
    public (FoundRows Rows, int Offset)? Find(string token)
    {
        var parts = token.Split('-');
        return parts.Length == 2 && _kept.TryGetValue(parts[0], out var kept) && time.GetUtcNow() - kept.At < life && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? (kept.Rows, offset)
            : null;
    }
}

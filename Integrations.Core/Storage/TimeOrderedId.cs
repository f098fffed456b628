using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Integrations.Core.Storage;

/// <summary>
/// Makes version-7 UUIDs (RFC 9562) in the order of creation within a minute and a process. When the clock is set to another minute they follow it, since their
/// time counts too: ranges and retention are read from it.
/// </summary>
public static class TimeOrderedId
{
    // Far more minutes than are ever in use at once; it only keeps the memory small.
    private const int MaxMinutes = 4096;
    private static readonly Lock _lock = new();
    private static readonly Dictionary<long, long> _lastTicks = [];

    // Asking the system for each id's few bytes costs more than the rest.
    [ThreadStatic]
    private static byte[]? _random;
    [ThreadStatic]
    private static int _used;

    /// <param name="after">An id that the new one has to come after, although another machine with another clock made it.</param>
    public static Guid New(DateTimeOffset now, Guid? after = null)
    {
        // 48 bits of milliseconds and the 12 bits after the version as a counter make one number that only grows.
        var tick = Math.Max(now.ToUnixTimeMilliseconds() << 12, after is { } earlier ? TickOf(earlier) + 1 : 0);
        var minute = (tick >> 12) / 60_000;
        lock (_lock)
        {
            if (_lastTicks.TryGetValue(minute, out var last))
            {
                tick = Math.Max(tick, last + 1);
            }
            else if (_lastTicks.Count == MaxMinutes)
            {
                _lastTicks.Clear();
            }

            _lastTicks[minute] = tick;
        }

        Span<byte> bytes = stackalloc byte[16];
        FillRandom(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, tick >> 12 << 16 | 0x7000 | tick & 0xFFF);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static void FillRandom(Span<byte> bytes)
    {
        _random ??= new byte[512];
        if (_used % _random.Length == 0)
        {
            RandomNumberGenerator.Fill(_random);
            _used = 0;
        }

        _random.AsSpan(_used, bytes.Length).CopyTo(bytes);
        _used += bytes.Length;
    }

    private static long TickOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return high >> 16 << 12 | high & 0xFFF;
    }

    /// <summary>The smallest id that could have been made at a time, to turn a time range into an id range.</summary>
    public static Guid LowestAt(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        // Nothing was made before 1970, and the 48 bits have no sign.
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16 | 0x7000);
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Integrations.Core.Storage;

/// <summary>
/// Makes version-7 UUIDs (RFC 9562) in the order of creation within a process, also when the clock is set back by up to a minute. After a
/// larger jump they follow the clock, since their time counts too: ranges and retention are read from it.
/// </summary>
public static class TimeOrderedId
{
    private static readonly Lock _lock = new();
    private const long MaxLead = 60_000L << 12;
    private static long _lastTick;

    public static Guid New(DateTimeOffset now)
    {
        // 48 bits of milliseconds and the 12 bits after the version as a counter make one number that only grows.
        long tick;
        lock (_lock)
        {
            tick = now.ToUnixTimeMilliseconds() << 12;
            if (tick <= _lastTick && _lastTick - tick < MaxLead)
            {
                tick = _lastTick + 1;
            }

            _lastTick = tick;
        }

        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, tick >> 12 << 16 | 0x7000 | tick & 0xFFF);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
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

using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Integrations.Core.Storage;

/// <summary>Times as whole milliseconds since 1970 in UTC: both databases order them, and SQLite has no type of its own.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    value => DateTimeOffset.FromUnixTimeMilliseconds(value));

/// <summary>UUIDs on SQLite as 16 bytes in big-endian order, in which version-7 ids sort by time.</summary>
internal sealed class BigEndianGuidConverter() : ValueConverter<Guid, byte[]>(
    id => id.ToByteArray(true),
    bytes => new Guid(bytes, true));

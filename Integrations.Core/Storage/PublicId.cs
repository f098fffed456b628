namespace Integrations.Core.Storage;

/// <summary>
/// Ids as programs and people see them: a prefix that names the kind, and the row's UUID in Crockford's base32 (<c>we_01jcx…</c>, 26 characters).
/// They sort by creation and select with a double click.
/// </summary>
public static class PublicId
{
    public const string ApiKey = "key";
    public const string Attempt = "att";
    public const string AuditEntry = "aud";
    public const string Connection = "conn";
    public const string Consent = "cns";
    public const string Delivery = "dlv";
    public const string Event = "evt";
    public const string EventType = "etp";
    public const string Member = "mem";
    public const string Organization = "org";
    public const string Replay = "rpl";
    public const string StoredKey = "skey";
    public const string SyncIssue = "iss";
    public const string SyncRun = "sync";
    public const string WebhookEndpoint = "we";

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 26;

    public static string Format(string prefix, Guid id) => string.Create(prefix.Length + 1 + Length, (prefix, id), static (span, state) =>
    {
        state.prefix.CopyTo(span);
        span[state.prefix.Length] = '_';
        Span<byte> bytes = stackalloc byte[16];
        state.id.TryWriteBytes(bytes, bigEndian: true, out _);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        for (var i = span.Length - 1; i > state.prefix.Length; i--)
        {
            span[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });

    public static bool TryParse(string prefix, string? text, out Guid id)
    {
        id = default;
        if (text is null || text.Length != prefix.Length + 1 + Length || !text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length] != '_')
        {
            return false;
        }

        UInt128 value = 0;
        var digits = text.AsSpan(prefix.Length + 1);
        // 26 digits hold 130 bits: the first may only use its lowest three.
        if (digits[0] > '7')
        {
            return false;
        }

        foreach (var digit in digits)
        {
            var index = Alphabet.IndexOf(digit);
            if (index < 0)
            {
                return false;
            }

            value = value << 5 | (uint)index;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}

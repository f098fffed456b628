using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Integrations.Core.Providers;

/// <summary>A plain e-mail as bytes (RFC 5322, MIME). Nothing that somebody typed can add a header to it: addresses are checked and everything else is encoded.</summary>
public sealed partial class MailText
{
    // RFC 2047, 2: a line with an encoded word has at most 76 characters. "Subject: ", "=?utf-8?B?" and "?=" take 21 of them, and base64 makes four out of three bytes.
    private const int WordBytes = 39;

    /// <summary>Null leaves it to the provider.</summary>
    public string? From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    public IReadOnlyList<string> Cc { get; init; } = [];

    public IReadOnlyList<string> Bcc { get; init; } = [];

    public required string Subject { get; init; }

    public required string Text { get; init; }

    /// <summary>The addresses in a list with commas or semicolons.</summary>
    public static IReadOnlyList<string> Split(string addresses) => addresses.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether it is one address and nothing else: no name, no comment, no quotes.</summary>
    public static bool IsAddress(string address) => address.Length <= 254 && Address().IsMatch(address) && AsciiOf(address) is not null;

    /// <exception cref="ArgumentException">An address is none.</exception>
    public byte[] ToBytes()
    {
        StringBuilder message = new();
        AddAddresses(message, "From", From is null ? [] : [From]);
        AddAddresses(message, "To", To);
        AddAddresses(message, "Cc", Cc);
        AddAddresses(message, "Bcc", Bcc);
        message.Append("Subject: ").Append(Encode(Subject)).Append("\r\n");
        message.Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        // Mail ends its lines with CRLF, in encoded text too.
        var text = Text.ReplaceLineEndings("\r\n");
        message.Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
        return Encoding.ASCII.GetBytes(message.ToString());
    }

    private static void AddAddresses(StringBuilder message, string header, IReadOnlyList<string> addresses)
    {
        if (addresses.Count > 0)
        {
            // One to a line, so that none grows longer than mail allows.
            message.Append(header).Append(": ")
                .AppendJoin(",\r\n ", addresses.Select(address => IsAddress(address) ? AsciiOf(address) : throw new ArgumentException($"{header} holds something that is no address.", nameof(addresses))))
                .Append("\r\n");
        }
    }

    /// <summary>A header's text as encoded words (RFC 2047), or as it is when it is short and plain.</summary>
    private static string Encode(string text)
    {
        if (text.Length <= 70 && text.All(c => c is >= ' ' and < '\u007f') && !text.Contains("=?", StringComparison.Ordinal))
        {
            return text.Trim();
        }

        List<string> words = [];
        List<byte> word = [];
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            // Encoded, a line end could do no harm; but it would be seen as one.
            var count = (Rune.IsControl(rune) ? new Rune(' ') : rune).EncodeToUtf8(bytes);
            if (word.Count + count > WordBytes)
            {
                words.Add(Word(word));
                word.Clear();
            }

            word.AddRange(bytes[..count]);
        }

        words.Add(Word(word));
        return string.Join("\r\n ", words);
    }

    private static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";

    /// <summary>With the domain's ASCII form; null when it has none.</summary>
    private static string? AsciiOf(string address)
    {
        var at = address.LastIndexOf('@');
        try
        {
            return address[..(at + 1)] + new IdnMapping { UseStd3AsciiRules = true }.GetAscii(address[(at + 1)..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[^\s@<>,;:()""\[\]\\.]+(\.[^\s@<>,;:()""\[\]\\.]+)+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Address();
}

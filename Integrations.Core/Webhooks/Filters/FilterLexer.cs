using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>Cuts a filter into its parts.</summary>
internal static partial class FilterLexer
{
    // Longer signs first: >= must not be read as > and =.
    private static readonly string[] _signs = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",", "."];

    /// <exception cref="FilterFaultException">A character that begins nothing, or a text that does not end.</exception>
    public static List<FilterToken> Read(string text)
    {
        List<FilterToken> tokens = [];
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = Next(text, at, out var length);
            tokens.Add(token);
            at += length;
        }

        tokens.Add(new FilterToken(FilterTokenKind.End, "", text.Length));
        return tokens;
    }

    private static FilterToken Next(string text, int at, out int length)
    {
        var sign = text[at];
        if (sign is '"' or '\'')
        {
            return Text(text, at, out length);
        }

        if (char.IsLetter(sign) || sign is '_' or '$')
        {
            var end = at + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$'))
            {
                end++;
            }

            length = end - at;
            return new FilterToken(FilterTokenKind.Name, text[at..end], at);
        }

        if (char.IsAsciiDigit(sign) || sign == '-')
        {
            var end = at + 1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '+' or '-'))
            {
                end++;
            }

            length = end - at;
            FilterToken token = new(FilterTokenKind.Number, text[at..end], at);
            return Number().IsMatch(token.Value) ? token : throw new FilterFaultException($"{token.Shown} is not a number. Numbers look like 100, -5, 0.25 or 1e6.", at);
        }

        if (Array.Find(_signs, candidate => string.CompareOrdinal(text, at, candidate, 0, candidate.Length) == 0) is { } found)
        {
            length = found.Length;
            return new FilterToken(FilterTokenKind.Sign, found, at);
        }

        throw new FilterFaultException(
            sign switch
            {
                '=' => "Compare with ==.",
                '&' => "Write && for and.",
                '|' => "Write || for or.",
                _ => $"{(char.IsSurrogate(sign) || char.IsControl(sign) ? "This character" : sign)} has no meaning here. Texts stand in quotes.",
            },
            at);
    }

    private static FilterToken Text(string text, int start, out int length)
    {
        StringBuilder value = new();
        var at = start + 1;
        while (at < text.Length && text[at] != text[start])
        {
            if (text[at] == '\\')
            {
                at += Escape(text, at, value);
            }
            else if (char.IsControl(text[at]))
            {
                throw new FilterFaultException("""A line break or tab in a text is written \n or \t.""", at);
            }
            else
            {
                value.Append(text[at++]);
            }
        }

        length = at < text.Length ? at + 1 - start : throw new FilterFaultException($"This text has no closing {text[start]}.", start);
        return IsWhole(value.ToString())
            ? new FilterToken(FilterTokenKind.Text, value.ToString(), start)
            : throw new FilterFaultException("This text holds half of a surrogate pair.", start);
    }

    private static bool IsWhole(string text)
    {
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[read..];
        }

        return true;
    }

    // The escapes of JSON, and \' for texts in single quotes.
    private static int Escape(string text, int at, StringBuilder value)
    {
        var sign = at + 1 < text.Length ? text[at + 1] : '\0';
        if (sign == 'u' && at + 6 <= text.Length && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            value.Append((char)code);
            return 6;
        }

        value.Append(sign switch
        {
            '"' or '\'' or '\\' or '/' => sign,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            _ => throw new FilterFaultException("""After \ stands one of " ' \ / b f n r t, or u and four hex digits.""", at),
        });
        return 2;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}

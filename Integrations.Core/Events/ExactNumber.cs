using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Integrations.Core.Events;

/// <summary>A number of JSON, compared by its digits: 0.1 is 0.10, and no number is too long or too large.</summary>
public readonly record struct ExactNumber : IComparable<ExactNumber>
{
    // No text that fits in an event moves the point further; beyond it all are alike.
    private const long FarthestPoint = 1_000_000_000_000;

    private readonly int _sign;
    private readonly long _point;
    private readonly string? _digits;

    // The value is sign × 0.digits × 10^point, the digits without zeros at either end.
    private ExactNumber(int sign, string digits, long point) => (_sign, _digits, _point) = (sign, digits, point);

    public static ExactNumber Of(JsonElement number) => Parse(JsonMarshal.GetRawUtf8Value(number));

    public static ExactNumber Of(long number) => Parse(Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <param name="text">A number by the grammar of JSON.</param>
    public static ExactNumber Parse(ReadOnlySpan<byte> text)
    {
        var sign = 1;
        if (text[0] == (byte)'-')
        {
            sign = -1;
            text = text[1..];
        }

        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = mark < 0 ? 0 : Exponent(text[(mark + 1)..]);
        var mantissa = mark < 0 ? text : text[..mark];
        var dot = mantissa.IndexOf((byte)'.');
        var whole = dot < 0 ? mantissa : mantissa[..dot];
        var digits = Encoding.ASCII.GetString(whole) + (dot < 0 ? "" : Encoding.ASCII.GetString(mantissa[(dot + 1)..]));
        var significant = digits.TrimStart('0');
        var point = whole.Length + exponent - (digits.Length - significant.Length);
        significant = significant.TrimEnd('0');
        return significant.Length == 0 ? default : new ExactNumber(sign, significant, point);
    }

    public bool IsWhole => _sign == 0 || _point >= _digits!.Length;

    public int CompareTo(ExactNumber other)
    {
        if (_sign != other._sign)
        {
            return _sign.CompareTo(other._sign);
        }

        var magnitude = _point != other._point ? _point.CompareTo(other._point) : string.CompareOrdinal(_digits, other._digits);
        return _sign * magnitude;
    }

    public static bool operator <(ExactNumber left, ExactNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(ExactNumber left, ExactNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(ExactNumber left, ExactNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ExactNumber left, ExactNumber right) => left.CompareTo(right) >= 0;

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == (byte)'-';
        long value = 0;
        foreach (var digit in text[0] is (byte)'-' or (byte)'+' ? text[1..] : text)
        {
            value = Math.Min((value * 10) + (digit - '0'), FarthestPoint);
        }

        return negative ? -value : value;
    }
}

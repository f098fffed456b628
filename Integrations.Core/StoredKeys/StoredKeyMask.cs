namespace Integrations.Core.StoredKeys;

/// <summary>What of a secret may be shown: enough to tell two of them apart, and never so much that the rest could be guessed.</summary>
internal static class StoredKeyMask
{
    /// <summary>The same for every short value: how long it is, is part of the secret.</summary>
    private const string Dots = "••••••••";

    private const int MinLength = 20;
    private const int MaxPrefixLength = 5;
    private const int TailLength = 4;

    /// <summary><c>sk_live_51H…4f2a</c> is shown as <c>sk_…4f2a</c>; a value without such a beginning as <c>…4f2a</c>; a short one as dots.</summary>
    public static string Of(string value)
    {
        if (value.Length < MinLength || !value.AsSpan(value.Length - TailLength).IsPlain())
        {
            return Dots;
        }

        // Providers begin their keys with the kind of key and a separator: sk_, xoxb-, SG.
        var separator = value.AsSpan(0, MaxPrefixLength).IndexOfAny("_-.");
        var prefix = separator > 0 && value.AsSpan(0, separator).IsPlain() ? value[..(separator + 1)] : "";
        return $"{prefix}…{value[^TailLength..]}";
    }

    // Anything else could be half of a character, or change the direction of the text around it.
    private static bool IsPlain(this ReadOnlySpan<char> text)
    {
        foreach (var sign in text)
        {
            if (!char.IsAsciiLetterOrDigit(sign) && sign is not ('_' or '-' or '.' or '=' or '+' or '/'))
            {
                return false;
            }
        }

        return true;
    }
}

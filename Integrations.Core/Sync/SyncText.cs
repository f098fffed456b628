namespace Integrations.Core.Sync;

/// <summary>Words that came from outside, made fit for a column.</summary>
internal static class SyncText
{
    /// <summary>At most so many characters, none of them cut in half, and without the one that PostgreSQL cannot store.</summary>
    public static string Fit(string text, int most)
    {
        text = text.Replace("\0", "", StringComparison.Ordinal);
        return text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";
    }
}

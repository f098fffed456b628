using System.Globalization;
using System.Text;

namespace Integrations.Core.Organizations;

/// <summary>Makes slugs from names.</summary>
internal static class Slug
{
    private const int MaxLength = 50;

    /// <summary>Lower-case ASCII letters, digits and single hyphens; never empty.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder();
        // Decomposed, an accented letter is its plain letter and a mark, which is left out.
        foreach (var character in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (slug.Length > 0 && slug[^1] != '-' && CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString(0, Math.Min(slug.Length, MaxLength)).Trim('-');
        return text.Length > 0 ? text : "organization";
    }
}

using System.Net;
using System.Text.RegularExpressions;

namespace Integrations.Web.Help;

/// <summary>A part of the help that a search can find.</summary>
/// <param name="Heading">Its own heading; that of the page for what stands before the first one.</param>
/// <param name="Href">Leads to the heading, where it has an anchor.</param>
/// <param name="Text">Its words without headings and programs.</param>
internal sealed record HelpPart(HelpEntry Page, string Heading, string Href, string Text);

/// <summary>Reads the rendered pages of the help, which are well-formed, into parts: one for each heading of the second rank.</summary>
internal static partial class HelpText
{
    public static IEnumerable<HelpPart> Split(HelpEntry page, string html)
    {
        html = Left().Replace(html, " ");
        var parts = SectionStart().Split(html);
        var starts = SectionStart().Matches(html);
        for (var i = 0; i < parts.Length; i++)
        {
            var heading = Heading().Match(parts[i]);
            var id = i == 0 ? "" : Id().Match(starts[i - 1].Value).Groups["id"].Value;
            yield return new HelpPart(
                page,
                heading.Success ? Plain(heading.Groups["text"].Value) : page.Title,
                id.Length == 0 ? page.Href : $"{page.Href}#{id}",
                Plain(heading.Success ? parts[i].Remove(heading.Index, heading.Length) : parts[i]));
        }
    }

    // Tags inside a line leave no gap; those around a line do.
    private static string Plain(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(InlineTag().Replace(html, ""), " ")), " ").Trim();

    [GeneratedRegex("<section[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex SectionStart();

    [GeneratedRegex("""\bid="(?<id>[^"]*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Id();

    [GeneratedRegex("<h[12][^>]*>(?<text>.*?)</h[12]>", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    // Programs, and what only stands beside them.
    [GeneratedRegex("<(figure|fieldset|caption|thead|svg)[ >].*?</(figure|fieldset|caption|thead|svg)>", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Left();

    [GeneratedRegex("</?(a|code|strong|em)( [^>]*)?>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InlineTag();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}

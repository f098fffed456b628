using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Integrations.Web.Help;

/// <summary>A part that has every word of the query, and a piece of its text around the first of them.</summary>
internal sealed record HelpMatch(HelpPart Part, string Excerpt);

/// <summary>Searches the headings and paragraphs of the help. The pages are rendered once, at the first search, so what is found is what they say.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class HelpSearch
{
    public const int MaxQuery = 200;
    private const int MaxMatches = 20;
    private const int ExcerptBefore = 60;
    private const int ExcerptLength = 200;

    private readonly Lazy<Task<IReadOnlyList<HelpPart>>> _parts;

    public HelpSearch(IServiceScopeFactory scopes, ILoggerFactory logs) => _parts = new(() => RenderAsync(scopes, logs));

    /// <summary>Those that have every word, the best first: a word in a heading counts more than one in the text.</summary>
    public async Task<IReadOnlyList<HelpMatch>> FindAsync(string query)
    {
        var words = Words(query);
        if (words.Count == 0)
        {
            return [];
        }

        var parts = await _parts.Value;
        return
        [
            .. parts.Select(part => (Part: part, Score: Score(part, words)))
                .Where(scored => scored.Score > 0)
                .OrderByDescending(scored => scored.Score)
                .Take(MaxMatches)
                .Select(scored => new HelpMatch(scored.Part, Excerpt(scored.Part.Text, words))),
        ];
    }

    /// <summary>The words to look for. A plural finds its singular too, and with it itself.</summary>
    public static IReadOnlyList<string> Words(string query) =>
        [.. query[..Math.Min(query.Length, MaxQuery)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length > 3 ? word.TrimEnd('s', 'S') : word).Where(word => word.Length > 0)];

    private static int Score(HelpPart part, IReadOnlyList<string> words)
    {
        var score = 0;
        foreach (var word in words)
        {
            var points = (Has(part.Heading, word) ? 8 : 0) + (Has(part.Page.Title, word) ? 4 : 0) + (Has(part.Text, word) ? 2 : 0) + (Has(part.Page.Keywords, word) ? 1 : 0);
            if (points == 0)
            {
                return 0;
            }

            score += points;
        }

        return score;
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string Excerpt(string text, IReadOnlyList<string> words)
    {
        var first = words.Select(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase)).Where(place => place >= 0).DefaultIfEmpty(0).Min();
        // From the start of a word to the end of a word.
        var start = first <= ExcerptBefore ? 0 : text.IndexOf(' ', first - ExcerptBefore) + 1;
        var end = text.Length - start <= ExcerptLength ? text.Length : text.LastIndexOf(' ', start + ExcerptLength);
        end = end <= start ? Math.Min(text.Length, start + ExcerptLength) : end;
        return (start > 0 ? "… " : "") + text[start..end] + (end < text.Length ? " …" : "");
    }

    private static async Task<IReadOnlyList<HelpPart>> RenderAsync(IServiceScopeFactory scopes, ILoggerFactory logs)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Outside a request nobody has told it an address.
        (scope.ServiceProvider.GetRequiredService<NavigationManager>() as IHostEnvironmentNavigationManager)?.Initialize("http://localhost/", "http://localhost/help");
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        List<HelpPart> parts = [];
        foreach (var page in HelpPages.Searched)
        {
            var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync(page.Page, ParameterView.FromDictionary(new Dictionary<string, object?>(page.Parameters, StringComparer.Ordinal)))).ToHtmlString());
            parts.AddRange(HelpText.Split(page, html));
        }

        return parts;
    }
}

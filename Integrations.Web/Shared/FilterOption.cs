namespace Integrations.Web.Shared;

public sealed record FilterOption(string Value, string Label)
{
    /// <summary>Options whose words are their values: the status words of the product.</summary>
    public static IReadOnlyList<FilterOption> Of(params string[] words) => [.. words.Select(word => new FilterOption(word, word))];
}

namespace Integrations.Web.Shared;

/// <param name="Name">The value of the query parameter.</param>
/// <param name="Title">The word on the tab.</param>
/// <param name="Count">Shown beside the word.</param>
public sealed record TabItem(string Name, string Title, int? Count = null);

namespace Integrations.Web.Shared;

/// <summary>One tab of <see cref="Tabs"/>.</summary>
/// <param name="Name">The value of the query parameter.</param>
/// <param name="Title">The word on the tab.</param>
/// <param name="Count">Shown beside the word.</param>
public sealed record TabItem(string Name, string Title, int? Count = null);

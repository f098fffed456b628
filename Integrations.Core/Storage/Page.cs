namespace Integrations.Core.Storage;

/// <summary>What a caller asks of a list: how many rows, and after which one. Pages and the REST API share it.</summary>
/// <param name="Limit">Rows wanted, 1 to 200.</param>
/// <param name="Cursor">The <see cref="Page{T}.NextCursor"/> of the page before, or null for the first page.</param>
/// <param name="From">The first time at which rows that are wanted were made, or null.</param>
/// <param name="To">The first time from which on they are not wanted any more, or null.</param>
public sealed record PageRequest(int Limit = PageRequest.DefaultLimit, string? Cursor = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public const int DefaultLimit = 50;

    public const int MaxLimit = 200;
}

/// <summary>One page of a list, newest first.</summary>
/// <param name="Rows">At most as many rows as were asked for.</param>
/// <param name="NextCursor">Opaque; null at the end of the list.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, string? NextCursor);

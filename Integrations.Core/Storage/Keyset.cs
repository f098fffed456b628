using System.Buffers.Text;
using System.Linq.Expressions;
using Integrations.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Storage;

/// <summary>Pages through rows by their key, newest first: every page costs the same, however far down it lies.</summary>
public static class Keyset
{
    /// <exception cref="Refusal"><see cref="RefusalKind.Invalid"/>: the limit or the cursor.</exception>
    public static async Task<Page<TRow>> ToPageAsync<TEntity, TRow>(
        this IQueryable<TEntity> query, PageRequest page, Expression<Func<TEntity, TRow>> projection, Func<TRow, Guid> id, CancellationToken cancellationToken)
        where TEntity : class, IHasId
    {
        if (page.Limit is < 1 or > PageRequest.MaxLimit)
        {
            throw Refusal.Invalid("limit", $"limit must be between 1 and {PageRequest.MaxLimit}.");
        }

        if (page.Cursor is not null)
        {
            var after = Decode(page.Cursor);
            query = query.Where(entity => entity.Id < after);
        }

        query = query.MadeBetween(page.From, page.To);
        // One row more than asked for tells whether there is a next page.
        var rows = await query.OrderByDescending(entity => entity.Id).Take(page.Limit + 1).Select(projection).ToListAsync(cancellationToken);
        if (rows.Count <= page.Limit)
        {
            return new Page<TRow>(rows, null);
        }

        rows.RemoveAt(page.Limit);
        return new Page<TRow>(rows, Encode(id(rows[^1])));
    }

    /// <summary>Only rows made in a range of time. Their keys tell, so this costs no index of its own.</summary>
    /// <param name="from">The first time that belongs to it, or null.</param>
    /// <param name="to">The first time that no longer belongs to it, or null.</param>
    public static IQueryable<TEntity> MadeBetween<TEntity>(this IQueryable<TEntity> query, DateTimeOffset? from, DateTimeOffset? to)
        where TEntity : class, IHasId
    {
        if (from is { } first)
        {
            var lowest = TimeOrderedId.LowestAt(first);
            query = query.Where(entity => entity.Id >= lowest);
        }

        if (to is { } end)
        {
            var highest = TimeOrderedId.LowestAt(end);
            query = query.Where(entity => entity.Id < highest);
        }

        return query;
    }

    internal static string Encode(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    internal static Guid Decode(string cursor)
    {
        var bytes = new byte[16];
        return cursor.Length == 22 && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == 16
            ? new Guid(bytes, bigEndian: true)
            : throw Refusal.Invalid("cursor", "cursor must be the nextCursor of the page before.");
    }
}

using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Connections;

/// <summary>Keeps what an organization starts to some times a minute, over all nodes.</summary>
public sealed class ConnectionStarts(HubDbContextFactory contexts, Turns turns, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <summary>Counts one start.</summary>
    /// <exception cref="Refusal"><see cref="RefusalKind.TooMany"/>; it is not counted then.</exception>
    internal async Task CountAsync(Actor actor, Guid organization, ConnectionStartKind kind, CancellationToken cancellationToken)
    {
        var (most, what) = kind == ConnectionStartKind.Creation
            ? (options.Value.MaxCreationsPerMinute, "make or try at most {0} connections a minute")
            : (options.Value.MaxConsentsPerMinute, "begin at most {0} consents a minute");
        await using var db = contexts.Create(actor);
        await using var turn = await turns.TakeAsync(db, $"connection-starts/{organization}", cancellationToken);
        var now = time.GetUtcNow();
        var oldest = now - _minute;
        var since = TimeOrderedId.LowestAt(oldest);
        var recent = await db.ConnectionStarts.Where(start => start.Kind == kind && start.Id.CompareTo(since) >= 0 && start.At > oldest).OrderBy(start => start.Id).Select(start => start.At).ToListAsync(cancellationToken);
        if (recent.Count >= most)
        {
            var wait = recent[recent.Count - most] + _minute - now;
            throw Refusal.TooMany(
                $"An organization may {string.Format(System.Globalization.CultureInfo.InvariantCulture, what, most)}. Try again in a moment.", wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1));
        }

        db.ConnectionStarts.Add(new ConnectionStart { Id = TimeOrderedId.New(now), OrganizationId = organization, Kind = kind, At = now });
        await db.SaveChangesAsync(cancellationToken);
        await turn.EndAsync();
    }
}

using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Records;

/// <summary>Makes the hashes of match keys for records that were stored before there were any.</summary>
internal sealed class RecordHashes(HubDbContextFactory contexts) : IDataStep
{
    /// <summary>Stands where a hash has to be made; hashes have no sign.</summary>
    public const long Missing = -1;

    private const int Lot = 1_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("migrations"));
        if (!await db.Records.AnyAsync(record => record.MatchHash == Missing, cancellationToken))
        {
            return;
        }

        // By the id, so that what has been done is not walked again for each lot.
        for (var last = (Guid?)Guid.Empty; last is { } after;)
        {
            last = await FillAsync(after, cancellationToken);
        }
    }

    /// <returns>The last that it filled; null when there are no more.</returns>
    private async Task<Guid?> FillAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("migrations"));
        var records = await db.Records.Where(record => record.Id.CompareTo(after) > 0 && record.MatchHash == Missing).OrderBy(record => record.Id).Take(Lot).ToListAsync(cancellationToken);
        foreach (var record in records)
        {
            var type = RecordTypes.Find(record.Type)!;
            record.MatchHash = RecordShape.MatchHashOf(type, RecordFields.Parse(record.Data));
        }

        await db.SaveChangesAsync(cancellationToken);
        return records.Count == Lot ? records[^1].Id : null;
    }
}

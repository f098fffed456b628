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
        while (await FillAsync(cancellationToken) == Lot)
        {
            // On to the next.
        }
    }

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("migrations"));
        var records = await db.Records.Where(record => record.MatchHash == Missing).Take(Lot).ToListAsync(cancellationToken);
        foreach (var record in records)
        {
            var type = RecordTypes.Find(record.Type)!;
            record.MatchHash = RecordShape.MatchHashOf(type, RecordFields.Parse(record.Data));
        }

        await db.SaveChangesAsync(cancellationToken);
        return records.Count;
    }
}

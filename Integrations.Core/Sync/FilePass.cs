using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Exports a record type as a CSV file into the folder that the connection names, whenever something in it changed.</summary>
internal sealed class FilePass(SyncStore store, RecordFiles files, IHotReader reader, TimeProvider time)
{
    private const string NewestSql =
        """SELECT "UpdatedAt" FROM "Records" WHERE "OrganizationId" = $1 AND "Type" = $2 ORDER BY "UpdatedAt" DESC LIMIT 1""";

    /// <exception cref="ProviderFault">The provider did not take the file.</exception>
    public async Task RunAsync(SyncWork work, SyncPart part, SyncState? state, CancellationToken cancellationToken)
    {
        part.Status = SyncPartStatus.Running;
        var type = RecordTypes.Find(work.DataType(part.DataType).RecordType)!;
        var newest = await reader.ReadAsync(session => session.QueryAsync(NewestSql, bind => bind.Add(work.Organization).Add(type.Name), static row => row.Time()), cancellationToken);
        if (newest.Count > 0 && (work.Run.Type == SyncType.Full || state?.OutUntil is null || newest[0] > state.OutUntil))
        {
            // On disk, so that a million rows take no memory, and another try sends the same.
            var path = Path.Combine(Path.GetTempPath(), $"integrations-{Guid.NewGuid():N}.csv");
            try
            {
                int rows;
                await using (var file = File.Create(path))
                {
                    rows = await files.WriteAsync(Actor.System("sync", work.Organization), type, new RecordFilter(), file, cancellationToken);
                }

                part.Calls++;
                await work.Connector.ExportAsync(work.Session, new ExportFile(part.DataType, $"{type.Name}.csv", () => File.OpenRead(path), new FileInfo(path).Length), cancellationToken);
                (part.Processed, part.Updated, part.Total) = (rows, rows, rows);
            }
            finally
            {
                File.Delete(path);
            }
        }

        part.Status = SyncPartStatus.Completed;
        await store.StepAsync(
            work, part, session => SyncStore.SetOutUntilAsync(session, work, part, newest.Count > 0 ? newest[0] : time.GetUtcNow()), cancellationToken);
    }
}

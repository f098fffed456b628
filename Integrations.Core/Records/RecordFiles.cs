using System.Globalization;
using System.Text;
using CsvHelper;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Records;

/// <summary>Records as CSV, row by row, however many there are.</summary>
public sealed class RecordFiles(HubDbContextFactory contexts)
{
    private const int Lot = 500;

    // Spreadsheets would run a cell that begins with = as a formula.
    private static readonly CsvWriterOptions _options = new() { Injection = CsvInjection.Escape };

    /// <summary>The columns of a type's files, in their order. Free fields stand together as JSON.</summary>
    public static IReadOnlyList<string> ColumnsOf(RecordType type) => ["id", .. type.Fields.Select(field => field.Name), RecordTypes.CustomFields, "createdAt", "updatedAt"];

    /// <summary>Writes the records that a filter lets through, oldest first.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> WriteAsync(Actor actor, RecordType type, RecordFilter filter, Stream stream, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var csv = CsvWriter.Create(stream, _options, true);
        csv.WriteRecord([.. ColumnsOf(type)]);
        var (after, count) = (Guid.Empty, 0);
        while (true)
        {
            await using var db = contexts.Create(actor);
            var last = after;
            var lot = await RecordQueries.Filter(db, type, filter).Where(record => record.Id > last).OrderBy(record => record.Id).Take(Lot).ToListAsync(cancellationToken);
            foreach (var record in lot)
            {
                WriteRow(csv, type, record);
                await csv.EndRecordAsync(cancellationToken);
            }

            await csv.FlushAsync(cancellationToken);
            count += lot.Count;
            if (lot.Count < Lot)
            {
                return count;
            }

            after = lot[^1].Id;
        }
    }

    private static void WriteRow(CsvWriter csv, RecordType type, Record record)
    {
        var fields = RecordFields.Parse(record.Data);
        csv.WriteField(RecordIds.Format(type, record.Id));
        foreach (var field in type.Fields)
        {
            csv.WriteField(field.Name == "name" && fields["name"] is null ? record.Name : fields.Text(field.Name) ?? "");
        }

        RecordFields free = new();
        foreach (var name in fields.Names.Where(name => type.Find(name) is null))
        {
            free[name.StartsWith(RecordTypes.CustomPrefix, StringComparison.Ordinal) ? name[RecordTypes.CustomPrefix.Length..] : name] = fields[name];
        }

        csv.WriteField(free.Count == 0 ? "" : Encoding.UTF8.GetString(free.ToJson()));
        csv.WriteField(record.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        csv.WriteField(record.UpdatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }
}

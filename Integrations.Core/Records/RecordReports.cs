using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Records;

/// <summary>For how long an open invoice has been due.</summary>
public enum ReceivableAge
{
    Current = 0,
    Days30 = 1,
    Days60 = 2,
    Days90 = 3,
    Older = 4,
}

/// <summary>What is open in a currency, by how long it has been due.</summary>
public sealed record ReceivableRow(string Currency, ReceivableAge Age, int Invoices, decimal Amount);

/// <summary>Invoices of a month in a currency.</summary>
/// <param name="Month">Its first day.</param>
public sealed record InvoiceMonthRow(string Currency, DateOnly Month, int Paid, decimal PaidAmount, int Open, decimal OpenAmount);

/// <summary>Leads that came by a channel.</summary>
/// <param name="Channel">Empty where that is not known.</param>
public sealed record LeadChannelRow(string Channel, int Leads);

/// <summary>What a campaign came to, in a currency.</summary>
/// <param name="Spend">Null where no row tells.</param>
public sealed record CampaignRow(string Campaign, string Currency, int Rows, decimal? Spend, long? Impressions, long? Clicks);

/// <summary>What the reports tell. The database adds up, so that a million records take no memory here.</summary>
public sealed class RecordReports(HubDbContextFactory contexts, Database database, TimeProvider time)
{
    public const int Months = 12;
    public const int MaxChannels = 20;
    public const int MaxCampaigns = 50;

    private const decimal SpendScale = 10_000m;

    public async Task<IReadOnlyList<ReceivableRow>> ReceivablesAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var today = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var (days30, days60, days90) = (today.AddDays(-30), today.AddDays(-60), today.AddDays(-90));
        var sums = await db.Records.Where(record => record.Type == "invoices" && record.DeletedAt == null && record.Status == "open" && (record.Balance ?? record.Amount) > 0)
            .GroupBy(record => new
            {
                Currency = record.Currency ?? "",
                Age = record.DueDate == null || record.DueDate >= today ? ReceivableAge.Current
                    : record.DueDate >= days30 ? ReceivableAge.Days30
                    : record.DueDate >= days60 ? ReceivableAge.Days60
                    : record.DueDate >= days90 ? ReceivableAge.Days90
                    : ReceivableAge.Older,
            })
            .Select(group => new { group.Key.Currency, group.Key.Age, Count = group.Count(), Sum = group.Sum(record => record.Balance ?? record.Amount ?? 0) })
            .ToListAsync(cancellationToken);
        return [.. sums.OrderBy(row => row.Currency, StringComparer.Ordinal).ThenBy(row => row.Age).Select(row => new ReceivableRow(row.Currency, row.Age, row.Count, row.Sum / Record.MoneyScale))];
    }

    /// <summary>The last <see cref="Months"/> months, oldest first; those without an invoice are not there.</summary>
    public async Task<IReadOnlyList<InvoiceMonthRow>> InvoicesByMonthAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var first = FirstMonth;
        var since = new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        // An invoice's date is a day: there are few enough of them to be put into months here, which the two databases do differently.
        var days = await db.Records
            .Where(record => record.Type == "invoices" && record.DeletedAt == null && record.Date >= since && (record.Status == "paid" || record.Status == "open"))
            .GroupBy(record => new { Currency = record.Currency ?? "", record.Date, record.Status })
            .Select(group => new { group.Key.Currency, group.Key.Date, group.Key.Status, Count = group.Count(), Amount = group.Sum(record => record.Amount ?? 0), Balance = group.Sum(record => record.Balance ?? record.Amount ?? 0) })
            .ToListAsync(cancellationToken);
        return [.. days.GroupBy(day => (day.Currency, Month: new DateOnly(day.Date!.Value.Year, day.Date.Value.Month, 1)))
            .OrderBy(group => group.Key.Currency, StringComparer.Ordinal).ThenBy(group => group.Key.Month)
            .Select(group =>
            {
                var (paid, open) = (group.Where(day => day.Status == "paid").ToList(), group.Where(day => day.Status == "open").ToList());
                return new InvoiceMonthRow(
                    group.Key.Currency, group.Key.Month, paid.Sum(day => day.Count), paid.Sum(day => day.Amount) / Record.MoneyScale, open.Sum(day => day.Count), open.Sum(day => day.Balance) / Record.MoneyScale);
            })];
    }

    /// <summary>The channels of most leads; the rest of them are left out.</summary>
    public async Task<IReadOnlyList<LeadChannelRow>> LeadsByChannelAsync(Actor actor, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var sql = $$"""
            SELECT COALESCE({{Text("trafficChannel")}}, '') AS "Name", COUNT(*) AS "Rows" FROM "Records"
            WHERE "OrganizationId" = {0} AND "Type" = 'contacts' AND "Kind" = 'lead' AND "DeletedAt" IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {{MaxChannels}}
            """;
        var sums = await db.Database.SqlQueryRaw<ChannelSum>(sql, Key(organization)).ToListAsync(cancellationToken);
        return [.. sums.Select(row => new LeadChannelRow(row.Name, (int)row.Rows))];
    }

    /// <summary>What the rows of insights say of each campaign, the dearest first.</summary>
    public async Task<IReadOnlyList<CampaignRow>> CampaignsAsync(Actor actor, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.RecordsRead);
        await using var db = contexts.Create(actor);
        var sql = $$"""
            SELECT COALESCE({{Text("campaign")}}, {{Text("campaignName")}}, {{Text("customFields.campaign")}}, "Name") AS "Name", COALESCE("Currency", '') AS "Currency", COUNT(*) AS "Rows",
              CAST(SUM({{Number("spend", (int)SpendScale)}}) AS BIGINT) AS "Spend", CAST(SUM({{Number("impressions", 1)}}) AS BIGINT) AS "Impressions", CAST(SUM({{Number("clicks", 1)}}) AS BIGINT) AS "Clicks"
            FROM "Records" WHERE "OrganizationId" = {0} AND "Type" = 'insights' AND "DeletedAt" IS NULL
              AND ({{Text("spend")}} IS NOT NULL OR {{Text("impressions")}} IS NOT NULL)
            GROUP BY 1, 2 ORDER BY COALESCE(SUM({{Number("spend", 1)}}), 0) DESC, 1 LIMIT {{MaxCampaigns}}
            """;
        var sums = await db.Database.SqlQueryRaw<CampaignSum>(sql, Key(organization)).ToListAsync(cancellationToken);
        return [.. sums.Select(row => new CampaignRow(row.Name, row.Currency, (int)row.Rows, row.Spend / SpendScale, row.Impressions, row.Clicks))];
    }

    /// <summary>The first of the months that the reports show.</summary>
    public DateOnly FirstMonth => new DateOnly(time.GetUtcNow().Year, time.GetUtcNow().Month, 1).AddMonths(1 - Months);

    private bool IsSqlite => database.Provider == DatabaseProvider.Sqlite;

    // A value lies in the record's data, whose names are flat.
    private string Text(string name) => IsSqlite ? $"json_extract(CAST(\"Data\" AS TEXT), '$.\"{name}\"')" : $"(convert_from(\"Data\", 'UTF8')::json ->> '{name}')";

    // Providers send numbers as texts too; what is none counts nothing.
    private string Number(string name, int scale) => IsSqlite
        ? $"ROUND(CAST({Text(name)} AS REAL) * {scale})"
        : $"ROUND(CASE WHEN {Text(name)} ~ '^-?[0-9]+(\\.[0-9]+)?$' THEN {Text(name)}::numeric * {scale} END)";

    private object Key(Guid organization) => IsSqlite ? organization.ToByteArray(bigEndian: true) : organization;

    private sealed class ChannelSum
    {
        public required string Name { get; init; }

        public required long Rows { get; init; }
    }

    private sealed class CampaignSum
    {
        public required string Name { get; init; }

        public required string Currency { get; init; }

        public required long Rows { get; init; }

        public required long? Spend { get; init; }

        public required long? Impressions { get; init; }

        public required long? Clicks { get; init; }
    }
}

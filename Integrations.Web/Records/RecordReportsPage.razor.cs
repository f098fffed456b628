using System.Globalization;
using Integrations.Core.Records;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Records;

public sealed partial class RecordReportsPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.RecordsChanged];
    private static readonly Crumb[] _breadcrumb = [new("Records", "/records")];
    private static readonly string[] _ages = ["Not yet", "1–30 days ago", "31–60 days ago", "61–90 days ago", "Over 90 days ago"];

    private Loaded<Reports>? _loaded;
    private IReadOnlyList<string> _months = [];

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required RecordReports Queries { get; init; }

    private static string Title(string what, string currency) => currency.Length > 0 ? $"{what} in {currency}" : $"{what} without a currency";

    private async Task<Reports> LoadAsync(CancellationToken cancellationToken)
    {
        var actor = await Member.GetActorAsync(cancellationToken);
        var months = Enumerable.Range(0, RecordReports.Months).Select(Queries.FirstMonth.AddMonths).ToList();
        _months = [.. months.Select(month => month.ToString("MMM yyyy", CultureInfo.InvariantCulture))];
        var campaigns = await Queries.CampaignsAsync(actor, cancellationToken);
        return new Reports(
            [.. (await Queries.ReceivablesAsync(actor, cancellationToken)).GroupBy(row => row.Currency, StringComparer.Ordinal).Select(Aged)],
            [.. (await Queries.InvoicesByMonthAsync(actor, cancellationToken)).GroupBy(row => row.Currency, StringComparer.Ordinal).Select(group => Monthly(group, months))],
            Leads(await Queries.LeadsByChannelAsync(actor, cancellationToken)),
            [.. campaigns.Where(row => row.Spend is not null).GroupBy(row => row.Currency, StringComparer.Ordinal).Select(Spent)],
            Reach(campaigns));
    }

    private static Chart Aged(IGrouping<string, ReceivableRow> rows)
    {
        var byAge = rows.ToDictionary(row => row.Age);
        var ages = Enum.GetValues<ReceivableAge>();
        return new Chart(rows.Key, _ages,
        [
            new ChartSeries("Amount", [.. ages.Select(age => (double?)(byAge.TryGetValue(age, out var row) ? row.Amount : 0))], Tone.Info, Money(rows.Key)),
        ]);
    }

    private Chart Monthly(IGrouping<string, InvoiceMonthRow> rows, List<DateOnly> months)
    {
        var byMonth = rows.ToDictionary(row => row.Month);
        return new Chart(rows.Key, _months,
        [
            new ChartSeries("Paid", [.. months.Select(month => (double?)(byMonth.TryGetValue(month, out var row) ? row.PaidAmount : 0))], Tone.Success, Money(rows.Key)),
            new ChartSeries("Open", [.. months.Select(month => (double?)(byMonth.TryGetValue(month, out var row) ? row.OpenAmount : 0))], Tone.Warning, Money(rows.Key)),
        ]);
    }

    private static Chart? Leads(IReadOnlyList<LeadChannelRow> rows) => rows.Count == 0 ? null : new Chart(
        "", [.. rows.Select(row => row.Channel.Length > 0 ? row.Channel : "Not known")], [new ChartSeries("Leads", [.. rows.Select(row => (double?)row.Leads)], Tone.Info, Number)]);

    private static Chart Spent(IGrouping<string, CampaignRow> rows) => new(
        rows.Key, [.. rows.Select(row => row.Campaign)], [new ChartSeries("Spend", [.. rows.Select(row => (double?)row.Spend)], Tone.Info, Money(rows.Key))]);

    private static Chart? Reach(IReadOnlyList<CampaignRow> rows)
    {
        var told = rows.Where(row => row.Impressions is not null).ToList();
        return told.Count == 0 ? null : new Chart("", [.. told.Select(row => row.Campaign)],
        [
            new ChartSeries("Impressions", [.. told.Select(row => (double?)row.Impressions)], Tone.Info, Number),
            new ChartSeries("Clicks", [.. told.Select(row => (double?)row.Clicks)], Tone.Success, Number),
        ]);
    }

    private static Func<double, string> Money(string currency) => value => RecordWords.Money((decimal)value, currency);

    private static string Number(double value) => RecordWords.Number((long)value);

    private sealed record Chart(string Currency, IReadOnlyList<string> Labels, IReadOnlyList<ChartSeries> Series);

    private sealed record Reports(IReadOnlyList<Chart> Receivables, IReadOnlyList<Chart> Months, Chart? Leads, IReadOnlyList<Chart> Campaigns, Chart? Reach);
}

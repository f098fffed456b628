using System.Text;
using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Connections;
using Integrations.Web.Sync;
using Integrations.Web.Tests.Connections;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Web.Tests.Sync;

/// <summary>Nothing is synced here: runs stand in the database as a test puts them there.</summary>
public sealed class SyncPagesTests : ConnectionTest
{
    [Fact]
    public void Without_syncs_the_log_leads_to_the_integrations()
    {
        var page = Render<SyncLogPage>();

        page.WaitForAssertion(() => Assert.Contains("Nothing was synced yet", page.Markup, StringComparison.Ordinal));
        Assert.Equal("/integrations", page.Find(".empty-action a").GetAttribute("href"));
    }

    [Fact]
    public async Task The_log_lists_runs_by_the_filters_of_the_address()
    {
        var connection = await ConnectStripeAsync("Shop");
        await AddRunAsync(connection, SyncStatus.Completed, failed: 0);
        var failed = await AddRunAsync(connection, SyncStatus.Partial, failed: 2);
        Navigation.NavigateTo("/sync?status=partial");

        var page = Render<SyncLogPage>();

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        Assert.Equal($"/sync/{PublicId.Format(PublicId.SyncRun, failed)}", page.Find("a.row-opener").GetAttribute("href"));
        Assert.Contains("Shop", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Equal("2", page.Find("tbody .number-bad").TextContent);
    }

    [Fact]
    public async Task A_run_shows_its_parts_and_what_failed()
    {
        var run = await AddRunAsync(await ConnectStripeAsync(), SyncStatus.Partial, failed: 1);

        var page = Open(run);

        page.WaitForAssertion(() => Assert.Contains("Marta Weber", page.Find(".tab-panel tbody").TextContent, StringComparison.Ordinal));
        Assert.Equal(["Customers", "From Stripe"], [page.Find("tbody .cell").FirstChild!.TextContent.Trim(), page.Find("tbody .cell .cell-quiet").TextContent]);
        Assert.Contains("Retry failed records", page.Find(".page-actions").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 record could not be synced.", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Later runs dealt with all of them.")]
    [InlineData(1_001, "Later runs dealt with the first 1,000, which were kept; a full sync takes up the others.")]
    public async Task A_run_whose_failed_records_were_dealt_with_offers_no_retry(int failed, string words)
    {
        var run = await AddRunAsync(await ConnectStripeAsync(), SyncStatus.Partial, failed);
        await using (var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner))
        {
            await db.SyncIssues.Where(issue => issue.RunId == run).ExecuteUpdateAsync(set => set.SetProperty(issue => issue.ResolvedAt, Time.GetUtcNow()));
        }

        var page = Open(run);

        page.WaitForAssertion(() => Assert.Contains(words, page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".page-actions button"));
    }

    [Fact]
    public async Task A_record_that_failed_shows_the_row_as_it_came()
    {
        var run = await AddRunAsync(await ConnectStripeAsync(), SyncStatus.Partial, failed: 1);
        var issue = (await Hub.Get<SyncQueries>().IssuesAsync(Hub.Owner, run, null, new PageRequest(), CancellationToken.None)).Rows[0];

        var drawer = Render<SyncIssueDrawer>(p => p.Add(d => d.Id, PublicId.Format(PublicId.SyncIssue, issue.Id)).Add(d => d.Provider, "stripe").Add(d => d.CanRetry, true));

        drawer.WaitForAssertion(() => Assert.Contains("no address", drawer.Find(".json").TextContent, StringComparison.Ordinal));
        Assert.Contains("Email must be an e-mail address.", drawer.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("Retry failed records", drawer.Find(".drawer-foot").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_not_there_is_told_in_words()
    {
        var page = Render<SyncRunPage>(p => p.Add(x => x.Id, "sync_nothing"));

        page.WaitForAssertion(() => Assert.Contains("This run is not there", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sync_starts_from_its_tab_and_can_be_cancelled()
    {
        var connection = await ConnectStripeAsync();
        var panel = Render<ConnectionSyncPanel>(p => p.Add(x => x.Row, RowAsync("stripe").GetAwaiter().GetResult()).Add(x => x.CanWrite, true));

        await Button(panel, "Sync now").ClickAsync(new MouseEventArgs());

        panel.WaitForAssertion(() => Assert.Contains("It waits to be taken up.", panel.Markup, StringComparison.Ordinal));
        var toast = Assert.Single(Toasts.Current);
        var run = (await Hub.Get<SyncQueries>().LastAsync(Hub.Owner, connection.Id, CancellationToken.None))!.Run;
        Assert.Equal(("A sync of Stripe was started.", SyncRunWords.Href(run.Id)), (toast.Text, toast.Link!.Href));
        Assert.NotNull(Button(panel, "Cancel sync"));
    }

    [Fact]
    public async Task Deletes_that_wait_are_told_with_what_follows()
    {
        var connection = await ConnectStripeAsync();
        await using (var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner))
        {
            db.SyncStates.Add(new SyncState { ConnectionId = connection.Id, DataType = "contacts", OrganizationId = Hub.Owner.OrganizationId!.Value, PendingDeletes = 40, PendingGeneration = 1 });
            await db.SaveChangesAsync();
        }

        var notice = Render<PendingDeletesNotice>(p => p.Add(x => x.ConnectionId, connection.Id).Add(x => x.Connector, connection.Connector).Add(x => x.CanWrite, true));

        notice.WaitForAssertion(() => Assert.Contains("40 customers are gone at Stripe.", notice.Markup, StringComparison.Ordinal));
        Assert.Equal(["Keep", "Delete…"], notice.FindAll("button").Select(button => button.TextContent));
    }

    [Fact]
    public async Task Deletes_that_wait_are_told_once_on_the_tab()
    {
        var connection = await ConnectStripeAsync();
        var run = await AddRunAsync(connection, SyncStatus.Completed, failed: 0);
        await using (var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner))
        {
            db.SyncStates.Add(new SyncState { ConnectionId = connection.Id, DataType = "contacts", OrganizationId = Hub.Owner.OrganizationId!.Value, PendingDeletes = 40, PendingGeneration = 1 });
            await db.SaveChangesAsync();
            await db.SyncRuns.Where(row => row.Id == run).ExecuteUpdateAsync(set => set.SetProperty(row => row.Error, "40 records are gone at Stripe. They wait for your word."));
        }

        var panel = Render<ConnectionSyncPanel>(p => p.Add(x => x.Row, RowAsync("stripe").GetAwaiter().GetResult()).Add(x => x.CanWrite, true));

        panel.WaitForAssertion(() => Assert.Contains("40 customers are gone at Stripe.", panel.Markup, StringComparison.Ordinal));
        panel.WaitForAssertion(() => Assert.Contains("Last sync", panel.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(panel.FindAll(".notice"), notice => notice.TextContent.Contains("They wait for your word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_schedule_says_when_it_runs_and_a_wrong_expression_is_refused_at_its_field()
    {
        var connection = await ConnectStripeAsync();
        var panel = Render<SyncSettingsPanel>(p => p.Add(x => x.Connection, connection).Add(x => x.CanWrite, true));
        Assert.Empty(panel.FindAll(".next-runs li"));

        panel.Find("select").Change("hourly");
        Assert.Equal(5, panel.FindAll(".next-runs li").Count);
        panel.Find("select").Change("cron");
        panel.Find("input.mono").Input("every monday");
        await panel.Find("form").SubmitAsync();
        panel.WaitForAssertion(() => Assert.Contains("cron expression", panel.Find(".field-error").TextContent, StringComparison.Ordinal));

        panel.Find("input.mono").Input("0 30 18 ? * MON-FRI");
        Assert.Equal("Wed 4 Mar 2026 18:30", panel.Find(".next-runs li").TextContent);
        panel.FindAll("select")[1].Change("Asia/Kuala_Lumpur");
        Assert.Equal("Thu 5 Mar 2026 18:30", panel.Find(".next-runs li").TextContent);
        Assert.Contains("Next runs, by the time of Asia/Kuala_Lumpur", panel.Markup, StringComparison.Ordinal);
        panel.FindAll("input[type=checkbox]")[0].Change(false);
        panel.FindAll("input[type=radio]")[1].Change("in");
        await panel.Find("form").SubmitAsync();

        panel.WaitForAssertion(() => Assert.Contains(Toasts.Current, toast => toast.Text == "The settings of the sync were saved."));
        var saved = (await RowAsync("stripe")).Connection!.Settings;
        Assert.Equal(("0 30 18 ? * MON-FRI", "Asia/Kuala_Lumpur"), (saved[ConnectionSettings.SyncFrequency], saved[ConnectionSettings.TimeZone]));
        Assert.Equal(("products,invoices,payments,subscriptions", "in"), (saved[ConnectionSettings.DataTypes], saved[ConnectionSettings.Direction]));
    }

    [Fact]
    public async Task A_field_of_a_mapping_is_refused_at_its_field_and_then_saved()
    {
        var connection = await ConnectStripeAsync();
        var mapping = (await Hub.Get<SyncQueries>().MappingsAsync(Hub.Owner, connection.Id, CancellationToken.None))[0];
        var dialog = Render<MappingDialog>(p => p.Add(x => x.Connection, connection).Add(x => x.Mapping, mapping).Add(x => x.Index, mapping.Fields.Count));

        dialog.FindAll("input")[0].Change("metadata.tier");
        dialog.FindAll("input")[1].Change("tier");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Contains("tier is no field of contacts", dialog.Find(".field-error").TextContent, StringComparison.OrdinalIgnoreCase));

        dialog.FindAll("input")[1].Change("customFields.tier");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".field-error")));
        var saved = (await Hub.Get<SyncQueries>().MappingsAsync(Hub.Owner, connection.Id, CancellationToken.None))[0];
        Assert.True(saved.IsOwn);
        Assert.Equal(("metadata.tier", "customFields.tier"), (saved.Fields[^1].Source, saved.Fields[^1].Target));
    }

    [Fact]
    public async Task A_viewer_reads_the_settings_and_the_mapping_and_is_offered_nothing()
    {
        var connection = await ConnectStripeAsync();
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var settings = Render<SyncSettingsPanel>(p => p.Add(x => x.Connection, connection));
        var mapping = Render<MappingPanel>(p => p.Add(x => x.Connection, connection));

        Assert.Contains("The newest wins", settings.Markup, StringComparison.Ordinal);
        mapping.WaitForAssertion(() => Assert.NotEmpty(mapping.FindAll("tbody tr")));
        Assert.Empty(settings.FindAll("button, input, select"));
        Assert.Empty(mapping.FindAll("button"));
    }

    [Fact]
    public async Task A_card_tells_of_the_last_sync_and_starts_another()
    {
        await AddRunAsync(await ConnectStripeAsync(), SyncStatus.Failed, failed: 0);
        var page = Render<IntegrationsPage>();
        page.WaitForAssertion(() => Assert.Equal("Failed", page.Find(".sync-line .badge").TextContent));

        await page.Find("button[aria-label='Sync now with Stripe']").ClickAsync(new MouseEventArgs());

        page.WaitForAssertion(() => Assert.Contains(Toasts.Current, toast => toast.Text == "A sync of Stripe was started."));
        page.WaitForAssertion(() => Assert.Equal("Queued", page.Find(".sync-line .badge").TextContent), TimeSpan.FromSeconds(5));
    }

    private static AngleSharp.Dom.IElement Button<T>(IRenderedComponent<T> component, string text)
        where T : Microsoft.AspNetCore.Components.IComponent => component.FindAll("button").First(button => button.TextContent.Trim() == text);

    private IRenderedComponent<SyncRunPage> Open(Guid run) => Render<SyncRunPage>(p => p.Add(x => x.Id, PublicId.Format(PublicId.SyncRun, run)));

    private async Task<Guid> AddRunAsync(ConnectionDetail connection, SyncStatus status, int failed)
    {
        var (organization, now, id) = (Hub.Owner.OrganizationId!.Value, Time.GetUtcNow(), TimeOrderedId.New(Time.GetUtcNow()));
        await using var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner);
        db.SyncRuns.Add(new SyncRun
        {
            Id = id,
            OrganizationId = organization,
            ConnectionId = connection.Id,
            Provider = "stripe",
            Type = SyncType.Full,
            Status = status,
            StartedBy = "ann@example.com",
            CreatedAt = now,
            StartedAt = now,
            CompletedAt = now.AddSeconds(3),
            Error = failed > 0 ? $"{failed} record could not be synced." : null,
        });
        db.SyncParts.Add(new SyncPart
        {
            RunId = id,
            DataType = "contacts",
            Direction = SyncDirections.In,
            OrganizationId = organization,
            Position = 0,
            Status = SyncPartStatus.Completed,
            Processed = 10,
            Created = 10 - failed,
            Failed = failed,
        });
        for (var i = 0; i < failed; i++)
        {
            db.SyncIssues.Add(new SyncIssue
            {
                Id = TimeOrderedId.New(now),
                OrganizationId = organization,
                RunId = id,
                Kind = SyncIssueKind.Error,
                DataType = "contacts",
                Direction = SyncDirections.In,
                ExternalId = "cus_1",
                Name = "Marta Weber",
                Message = "email must be an e-mail address.",
                Payload = Encoding.UTF8.GetBytes("""{"email":"no address"}"""),
                At = now,
            });
        }

        await db.SaveChangesAsync();
        return id;
    }
}

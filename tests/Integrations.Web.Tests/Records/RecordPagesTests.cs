using System.Text;
using System.Text.Json;
using Bunit;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Records;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Records;

public sealed class RecordPagesTests : HubTest
{
    public RecordPagesTests() => Services.AddScoped(services => new RecordActions(
        services.GetRequiredService<CurrentMember>(), Hub.Get<RecordService>(), services.GetRequiredService<Dialogs>(), services.GetRequiredService<Toasts>()));

    [Fact]
    public void Without_records_the_page_says_where_they_come_from()
    {
        var page = Render<RecordsPage>();

        page.WaitForAssertion(() => Assert.Contains("No contacts yet", page.Markup, StringComparison.Ordinal));
        Assert.Equal(["Contacts0", "Products0", "Invoices0", "Payments0"], page.FindAll(".tab").Select(tab => tab.TextContent));
    }

    [Fact]
    public async Task A_list_shows_what_the_filters_of_the_address_let_through()
    {
        await AddAsync("contacts", new { name = "Ann Lee", email = "ann@shop.example", contactType = "customer" });
        await AddAsync("contacts", new { name = "Bob Ray", email = "bob@shop.example", contactType = "lead" });
        Navigation.NavigateTo("/records/contacts?kind=lead&q=shop");

        var page = Render<RecordsPage>(p => p.Add(x => x.Type, "contacts"));

        page.WaitForAssertion(() => Assert.Equal("Bob Ray", Assert.Single(page.FindAll("tbody tr")).QuerySelector("td .clamp")!.TextContent));
        Assert.Equal("/records/contacts/export?q=shop&kind=lead", page.Find("a[download]").GetAttribute("href"));
    }

    [Fact]
    public async Task An_invoice_names_its_contact_and_says_that_it_is_overdue()
    {
        var contact = await AddAsync("contacts", new { name = "Ann Lee" });
        await AddAsync("invoices", new { number = "R-1", contactId = contact, status = "open", currency = "JPY", amount = 1200, balance = 1200, dueDate = "2026-03-01" });

        var page = Render<RecordsPage>(p => p.Add(x => x.Type, "invoices"));

        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        Assert.Equal(["R-1", "Ann Lee", "Open", "1,200 JPY", "1,200 JPY"], page.FindAll("tbody td .cell").Take(5).Select(cell => cell.TextContent.Trim()));
        Assert.Equal("3 days overdue", page.Find("tbody .number-bad").TextContent);
    }

    [Fact]
    public async Task A_line_of_a_known_product_leads_to_it()
    {
        var product = await AddAsync("products", new { sku = "TEA-1", name = "Green tea" });
        var invoice = await AddAsync("invoices", new { number = "R-2", lines = new object[] { new { description = "Fifty grams", quantity = 2, productId = product }, new { description = "Green tea", productId = product }, new { productId = product }, new { quantity = 1 } } });

        var drawer = Render<RecordDrawer>(p => p.Add(x => x.Id, invoice).Add(x => x.Type, RecordTypes.Invoices));

        drawer.WaitForAssertion(() => Assert.Equal(
            ["Fifty grams, Green tea", "Green tea", "Green tea", "—"], drawer.FindAll("td[data-label=Description] .row-words").Select(words => string.Join(", ", words.Children.Select(part => part.TextContent)))));
        Assert.All(drawer.FindAll("td[data-label=Description] a"), link => Assert.Equal($"/records/products?record={product}", link.GetAttribute("href")));
    }

    [Fact]
    public void A_type_that_does_not_exist_is_told_in_words()
    {
        var page = Render<RecordsPage>(p => p.Add(x => x.Type, "nothing_of_this_name"));

        page.WaitForAssertion(() => Assert.Contains("There are no such records", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_detail_shows_values_with_their_source_and_the_history()
    {
        var id = await AddAsync("contacts", new { name = "Ann Lee", phone = "1", customFields = new { tier = "gold" } });
        await Hub.Get<RecordService>().UpdateAsync(Hub.Owner, RecordTypes.Contacts, Id(id), JsonSerializer.SerializeToElement(new { phone = "2" }), CancellationToken.None);

        var drawer = Render<RecordDrawer>(p => p.Add(x => x.Id, id).Add(x => x.Type, RecordTypes.Contacts).Add(x => x.CanWrite, true));

        drawer.WaitForAssertion(() => Assert.Contains("gold", drawer.Markup, StringComparison.Ordinal));
        Assert.All(drawer.FindAll(".record-source"), source => Assert.Equal("Entered here", source.TextContent));
        drawer.WaitForAssertion(() => Assert.Contains("Phone: 1", drawer.Find(".changes li").TextContent, StringComparison.Ordinal));
        Assert.Equal(["Delete", "Edit"], drawer.FindAll(".drawer-foot button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public async Task A_form_shows_each_fault_at_its_field_and_then_makes_the_record()
    {
        var dialog = Render<RecordDialog>(p => p.Add(x => x.Type, RecordTypes.Invoices));
        Input(dialog, "Number").Change("R-7");
        Input(dialog, "Amount").Change("a lot");
        await dialog.FindAll("button").First(button => button.TextContent.Trim() == "Add line").ClickAsync(new MouseEventArgs());
        dialog.FindAll(".line-row input")[1].Change("many");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => Assert.Equal(
            ["Amount must be a number, such as 12.50.", "Line 1, quantity must be a number, such as 12.50."], dialog.FindAll(".field-error").Select(fault => fault.TextContent)));

        Input(dialog, "Amount").Change("12.5");
        Input(dialog, "Currency").Change("eur");
        dialog.FindAll(".line-row input")[0].Change("Tea");
        dialog.FindAll(".line-row input")[1].Change("3");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".field-error")));
        var made = Assert.Single((await Hub.Get<RecordQueries>().ListAsync(Hub.Owner, RecordTypes.Invoices, new RecordFilter(), new PageRequest(), CancellationToken.None)).Rows);
        Assert.Equal(("R-7", 12.5m, "EUR", """[{"description":"Tea","quantity":3}]"""), (made.Name, made.Fields.Number("amount"), made.Fields.Text("currency"), made.Fields.Text("lines")));
    }

    [Fact]
    public async Task An_edit_changes_only_what_was_changed_and_empties_take_values_away()
    {
        var id = await AddAsync("contacts", new { name = "Ann Lee", phone = "1", tags = (string[])["a, b", "c"] });
        var row = await Hub.Get<RecordQueries>().GetAsync(Hub.Owner, RecordTypes.Contacts, Id(id), CancellationToken.None);
        var dialog = Render<RecordDialog>(p => p.Add(x => x.Type, RecordTypes.Contacts).Add(x => x.Row, row));

        Input(dialog, "Phone").Change("");
        Input(dialog, "E-mail").Change("ann@shop.example");
        await dialog.Find("form").SubmitAsync();

        var after = await Hub.Get<RecordQueries>().GetAsync(Hub.Owner, RecordTypes.Contacts, Id(id), CancellationToken.None);
        Assert.Equal((null, "ann@shop.example", """["a, b","c"]"""), (after.Fields.Text("phone"), after.Fields.Text("email"), after.Fields.Text("tags")));
    }

    [Fact]
    public async Task Custom_fields_are_added_changed_and_taken_away()
    {
        var id = await AddAsync("contacts", new { name = "Ann Lee", customFields = new { tier = "gold", visits = 3, old = "x", more = (string[])["a"] } });
        var row = await Hub.Get<RecordQueries>().GetAsync(Hub.Owner, RecordTypes.Contacts, Id(id), CancellationToken.None);
        var dialog = Render<RecordDialog>(p => p.Add(x => x.Type, RecordTypes.Contacts).Add(x => x.Row, row));
        Assert.Equal(["old", "tier", "visits"], dialog.FindAll(".free-row").Select(field => field.QuerySelector("input")!.GetAttribute("value")));

        await dialog.Find("button[aria-label='Remove custom field 1']").ClickAsync(new MouseEventArgs());
        dialog.FindAll(".free-row")[1].QuerySelectorAll("input")[1].Change("4");
        await dialog.FindAll("button").First(button => button.TextContent.Trim() == "Add custom field").ClickAsync(new MouseEventArgs());
        dialog.FindAll(".free-row")[2].QuerySelectorAll("input")[1].Change("north");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Equal("A custom field needs a name.", dialog.Find(".field-error").TextContent));

        dialog.FindAll(".free-row")[2].QuerySelectorAll("input")[0].Change("tier");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Equal("There are two custom fields with the name tier.", dialog.Find(".field-error").TextContent));

        dialog.FindAll(".free-row")[2].QuerySelectorAll("input")[0].Change("region");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".field-error")));
        var fields = (await Hub.Get<RecordQueries>().GetAsync(Hub.Owner, RecordTypes.Contacts, Id(id), CancellationToken.None)).Fields;
        Assert.Equal(
            ("gold", 4m, null, """["a"]""", "north"),
            (fields.Text("customFields.tier"), fields.Number("customFields.visits"), fields.Text("customFields.old"), fields.Text("customFields.more"), fields.Text("customFields.region")));
    }

    [Fact]
    public async Task A_viewer_reads_and_exports_and_is_offered_no_change()
    {
        var id = await AddAsync("contacts", new { name = "Ann Lee" });
        SignIn(await Hub.AddMemberAsync(Role.Viewer));
        Navigation.NavigateTo($"/records/contacts?record={id}");

        var page = Render<RecordsPage>(p => p.Add(x => x.Type, "contacts"));
        var import = Render<RecordImportPage>(p => p.Add(x => x.Type, "contacts"));

        page.WaitForAssertion(() => Assert.Single(page.FindAll(".row-opener")));
        Assert.Equal(["Reports", "Export CSV"], page.FindAll(".page-actions > *").Select(action => action.TextContent.Trim()));
        Assert.Empty(page.FindAll(".drawer-foot button"));
        Assert.Contains("Importing needs the role Admin", import.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_mapped_by_the_names_of_its_columns_checked_and_taken_in()
    {
        await AddAsync("contacts", new { name = "Ann Lee", email = "ann@shop.example" });
        var page = Render<RecordImportPage>(p => p.Add(x => x.Type, "contacts"));

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(
            "Full name;Mail;Telephone;Colour\nAnn Lee;ann@shop.example;'+49 30 1;red\nBob Ray;bob@shop.example;2;blue\nEve;no address;3;green\n", "people.csv"));
        page.WaitForAssertion(() => Assert.Equal(["Good", "Good", "Wrong"], page.FindAll("tbody .badge").Select(badge => badge.TextContent)), TimeSpan.FromSeconds(5));
        Assert.Equal(["name", "email", "phone", ""], page.FindAll(".record-form select").Select(select => select.GetAttribute("value") ?? ""));
        page.FindAll(".record-form select")[3].Change("customFields.Colour");
        await page.FindAll("button").First(button => button.TextContent.Trim() == "Import 3 rows").ClickAsync(new MouseEventArgs());

        page.WaitForAssertion(() => Assert.Contains("The import is done", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.Equal(["1", "1", "0", "1"], page.FindAll(".figure-value").Select(figure => figure.TextContent));
        Assert.Contains("Email must be an e-mail address.", page.Find("tbody").TextContent, StringComparison.Ordinal);
        var contacts = (await Hub.Get<RecordQueries>().ListAsync(Hub.Owner, RecordTypes.Contacts, new RecordFilter(), new PageRequest(), CancellationToken.None)).Rows.ToDictionary(contact => contact.Name);
        Assert.Equal(["Ann Lee", "Bob Ray"], contacts.Keys.Order(StringComparer.Ordinal));
        var ann = contacts["Ann Lee"];
        Assert.Equal(("+49 30 1", "red", RecordSource.Import), (ann.Fields.Text("phone"), ann.Fields.Text("customFields.Colour"), ann.FieldSources["phone"]));
    }

    [Fact]
    public async Task A_file_that_is_none_is_told_in_words()
    {
        await Assert.ThrowsAsync<FormatException>(() => CsvTable.ReadAsync([], CancellationToken.None));
        var fault = await Assert.ThrowsAsync<FormatException>(() => CsvTable.ReadAsync(Encoding.UTF8.GetBytes("name,email\n"), CancellationToken.None));
        Assert.Equal("The file has no rows below its first line.", fault.Message);
    }

    [Fact]
    public async Task Reports_add_up_by_currency_and_age()
    {
        foreach (var (due, balance, currency) in new[] { ("2026-03-04", 10m, "EUR"), ("2026-02-20", 20m, "EUR"), ("2026-02-19", 5m, "EUR"), ("2025-01-01", 40m, "EUR"), ("2026-01-10", 7m, "USD") })
        {
            await AddAsync("invoices", new { status = "open", currency, amount = balance, balance, dueDate = due, date = "2026-01-05" });
        }

        await AddAsync("invoices", new { status = "paid", currency = "EUR", amount = 99.5m, balance = 0, date = "2026-02-11" });
        await AddAsync("contacts", new { name = "a", contactType = "lead", trafficChannel = "ads" });
        await AddAsync("contacts", new { name = "b", contactType = "lead" });
        await AddAsync("insights", new { name = "x", campaign = "Spring", currency = "EUR", spend = 12.5m, impressions = 100 });
        await AddAsync("insights", new { name = "y", campaign = "Spring", currency = "EUR", spend = "2.25", impressions = 50 });
        var reports = Hub.Get<RecordReports>();

        Assert.Equal(
            [new("EUR", ReceivableAge.Current, 1, 10), new("EUR", ReceivableAge.Days30, 2, 25), new("EUR", ReceivableAge.Older, 1, 40), new ReceivableRow("USD", ReceivableAge.Days60, 1, 7)],
            await reports.ReceivablesAsync(Hub.Owner, CancellationToken.None));
        Assert.Equal(
            [new("EUR", new DateOnly(2026, 1, 1), 0, 0, 4, 75), new("EUR", new DateOnly(2026, 2, 1), 1, 99.5m, 0, 0), new InvoiceMonthRow("USD", new DateOnly(2026, 1, 1), 0, 0, 1, 7)],
            await reports.InvoicesByMonthAsync(Hub.Owner, CancellationToken.None));
        Assert.Equal([new("", 1), new LeadChannelRow("ads", 1)], await reports.LeadsByChannelAsync(Hub.Owner, CancellationToken.None));
        Assert.Equal([new CampaignRow("Spring", "EUR", 2, 14.75m, 150, null)], await reports.CampaignsAsync(Hub.Owner, CancellationToken.None));

        var page = Render<RecordReportsPage>();
        page.WaitForAssertion(() => Assert.Equal(
            ["Open invoices in EUR", "Open invoices in USD", "Paid and open in EUR", "Paid and open in USD", "Leads", "Spend in EUR", "Impressions and clicks"],
            page.FindAll("figcaption > span:first-child").Select(title => title.TextContent)));
    }

    private static AngleSharp.Dom.IElement Input(IRenderedComponent<RecordDialog> dialog, string label) =>
        dialog.FindAll(".field").First(field => field.QuerySelector("label")!.TextContent.Trim() == label).QuerySelector("input, select, textarea")!;

    private static Guid Id(string record) => RecordIds.TryParse(record, out var id) ? id : Guid.Empty;

    private async Task<string> AddAsync(string type, object body)
    {
        var known = RecordTypes.Find(type)!;
        return RecordIds.Format(known, await Hub.Get<RecordService>().CreateAsync(Hub.Owner, known, JsonSerializer.SerializeToElement(body), CancellationToken.None));
    }
}

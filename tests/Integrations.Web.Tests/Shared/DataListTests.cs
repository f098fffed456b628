using Bunit;
using Integrations.Core.Storage;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Shared;

public sealed class DataListTests : ShellTest
{
    private readonly List<(PageRequest Request, CancellationToken Token)> _loads = [];
    private Func<PageRequest, Task<Page<string>>> _answer = _ => Task.FromResult(new Page<string>(["a", "b"], "next"));

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void Rows_stand_under_their_columns_and_carry_the_labels_for_a_phone()
    {
        var list = RenderList();

        Assert.Equal("Name", list.Find("th").TextContent);
        Assert.Equal(["a", "b"], list.FindAll(".cell").Select(cell => cell.TextContent));
        Assert.Equal("Name", list.Find("td").GetAttribute("data-label"));
    }

    [Fact]
    public void Older_puts_the_cursor_into_the_address_and_back_returns()
    {
        var list = RenderList();

        list.FindAll(".pager button")[1].Click();

        Assert.EndsWith("?cursor=next", Navigation.Uri, StringComparison.Ordinal);
        list.WaitForAssertion(() => Assert.Equal("next", _loads[^1].Request.Cursor));
        Navigation.NavigateTo("/");
        list.WaitForAssertion(() => Assert.Null(_loads[^1].Request.Cursor));
    }

    [Fact]
    public void A_failed_load_offers_retry_and_retry_brings_the_rows()
    {
        _answer = _ => throw new InvalidOperationException("database is locked");
        var list = RenderList();

        Assert.DoesNotContain("database is locked", list.Markup, StringComparison.Ordinal);
        _answer = _ => Task.FromResult(new Page<string>(["a"], NextCursor: null));
        list.Find(".state-failed button.button").Click();

        Assert.Equal("a", list.Find(".cell").TextContent);
    }

    [Fact]
    public void No_rows_on_the_first_page_is_the_empty_state()
    {
        _answer = _ => Task.FromResult(new Page<string>([], NextCursor: null));

        Assert.Contains("Nothing sent yet", RenderList().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_filter_cancels_the_load_before_and_its_late_rows_are_dropped()
    {
        var slow = new TaskCompletionSource<Page<string>>();
        _answer = _ => slow.Task;
        var list = RenderList();
        _answer = _ => Task.FromResult(new Page<string>(["new"], NextCursor: null));

        list.Render(p => p.Add(l => l.Filter, "failed"));
        slow.SetResult(new Page<string>(["old"], NextCursor: null));

        Assert.True(_loads[0].Token.IsCancellationRequested);
        list.WaitForAssertion(() => Assert.Equal(["new"], list.FindAll(".cell").Select(cell => cell.TextContent)));
    }

    [Fact]
    public async Task A_refresh_keeps_the_rows_and_a_failed_one_says_so_above_them()
    {
        var list = RenderList();
        var pending = new TaskCompletionSource<Page<string>>();
        _answer = _ => pending.Task;

        var refresh = list.Instance.RefreshAsync();
        Assert.Equal(2, list.FindAll(".cell").Count);
        Assert.Equal("true", list.Find("table").GetAttribute("aria-busy"));
        pending.SetException(new InvalidOperationException());
        await refresh;

        list.WaitForAssertion(() => Assert.Contains("may be old", list.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Equal(2, list.FindAll(".cell").Count);
    }

    [Fact]
    public void A_row_opens_by_its_button()
    {
        string? opened = null;
        var list = RenderList(p => p.Add(l => l.OnOpen, row => opened = row));

        list.FindAll(".row-opener")[1].Click();

        Assert.Equal("b", opened);
        Assert.Equal("Open b", list.FindAll(".row-opener")[1].GetAttribute("aria-label"));
    }

    private IRenderedComponent<DataList<string>> RenderList(Action<ComponentParameterCollectionBuilder<DataList<string>>>? more = null) =>
        Render<DataList<string>>(p =>
        {
            p.Add(l => l.Caption, "Names");
            p.Add(l => l.Load, (request, token) =>
            {
                _loads.Add((request, token));
                return _answer(request);
            });
            p.Add(l => l.Columns, builder =>
            {
                builder.OpenComponent<Column<string>>(0);
                builder.AddAttribute(1, "Title", "Name");
                builder.AddAttribute(2, "ChildContent", (RenderFragment<string>)(row => cell => cell.AddContent(0, row)));
                builder.CloseComponent();
            });
            p.Add(l => l.Empty, "<p>Nothing sent yet</p>");
            more?.Invoke(p);
        });
}

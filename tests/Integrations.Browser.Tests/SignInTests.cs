using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>Coming in and going out.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SignInTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    private const string WrongPassword = "not the password at all";
    private const string Mismatch = "The e-mail address and the password do not belong together.";

    public static TheoryData<string> MemberPages =>
    [
        "/", "/integrations", "/integrations/xero?tab=settings", "/settings/providers", "/webhooks", "/webhooks/we_any?delivery=dlv_any", "/events?type=invoice.paid", "/settings", "/settings/members", "/settings/event-types", "/api-keys", "/stored-keys", "/audit?area=member",
        "/account", "/account/password", "/go/evt_any",
    ];

    [Fact]
    public Task A_wrong_password_is_told_and_the_address_is_kept() => AsVisitorAsync("wrong-password", async (test, page) =>
    {
        await page.OpenAsync("/sign-in");
        await page.SignInAsync(HubApp.OwnerEmail, WrongPassword);
        await page.GetByText(Mismatch).WaitForAsync();

        Assert.Equal(HubApp.OwnerEmail, await page.GetByLabel("E-mail").InputValueAsync());
        Assert.Equal("", await page.GetByLabel("Password").InputValueAsync());
        await Assertions.Expect(page.GetByLabel("Password")).ToBeFocusedAsync();
        await test.AssertAccessibleAsync();

        await page.SignInAsync(HubApp.OwnerEmail, HubApp.OwnerPassword);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();
    });

    [Fact]
    public Task Five_wrong_passwords_lock_the_account_for_the_right_one_too() => AsVisitorAsync("lock-out", async (_, page) =>
    {
        var tenant = await hub.App.CreateOrganizationAsync();
        await page.OpenAsync("/sign-in");
        for (var i = 1; i <= 5; i++)
        {
            await page.SignInAsync(tenant.OwnerEmail, $"{WrongPassword} {i}");
            await page.GetByText(i < 5 ? Mismatch : "Too many wrong passwords. Try again in 5 minutes.").WaitForAsync();
            await page.GotoAsync("/sign-in");
        }

        await page.SignInAsync(tenant.OwnerEmail, HubApp.OwnerPassword);
        await page.GetByText("Too many wrong passwords.").WaitForAsync();
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name == "integrations.session");
    });

    [Theory]
    [MemberData(nameof(MemberPages))]
    public Task A_visitor_of_a_members_page_comes_to_the_sign_in_page(string path) => AsVisitorAsync("visitor", async (_, page) =>
    {
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();

        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(path)}", new Uri(page.Url).PathAndQuery);
    });

    [Theory]
    [InlineData("/audit?area=webhook&range=24h")]
    [InlineData("/account/password")]
    public Task Signing_in_leads_to_the_page_that_was_asked_for(string path) => AsVisitorAsync("return", async (_, page) =>
    {
        await page.GotoAsync(path);
        await page.SignInAsync(HubApp.OwnerEmail, HubApp.OwnerPassword);
        await page.WaitForURLAsync(new Uri(hub.App.Address, path).AbsoluteUri);
        await page.ReadyAsync();
    });

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData(@"/\evil.example/")]
    [InlineData("javascript:alert(1)")]
    public Task An_address_elsewhere_is_not_returned_to(string address) => AsVisitorAsync("foreign-return", async (_, page) =>
    {
        await page.OpenAsync($"/sign-in?returnUrl={Uri.EscapeDataString(address)}");
        await page.SignInAsync(HubApp.OwnerEmail, HubApp.OwnerPassword);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();

        Assert.Equal(hub.App.Address, new Uri(page.Url));
    });

    [Fact]
    public Task Signing_out_ends_what_other_tabs_show() => AsVisitorAsync("sign-out", async (_, page) =>
    {
        await page.OpenAsync("/sign-in");
        await page.SignInAsync(HubApp.OwnerEmail, HubApp.OwnerPassword);
        await page.ReadyAsync();
        var other = await page.Context.NewPageAsync();
        await other.OpenAsync("/api-keys", "main tbody tr");

        await page.GetByLabel("Account").ClickAsync();
        await page.Button("Sign out").ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        await other.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();

        Assert.Equal("/sign-in?returnUrl=%2Fapi-keys", new Uri(other.Url).PathAndQuery);
        await other.GotoAsync("/audit");
        await other.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
    });

    private Task AsVisitorAsync(string name, Func<TestPage, IPage, Task> test) => hub.RunAsync(name, Look.Desktop, email: null, page => test(page, page.Page));
}

using Integrations.Core.Organizations;
using Integrations.Web.Account;
using Integrations.Web.Tests.Shared;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Integrations.Web.Tests.Account;

public sealed class UnknownAccountsTests
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_address_without_an_account_is_locked_like_one_with_an_account()
    {
        var unknown = new UnknownAccounts(
            Options.Create(new IdentityOptions { Lockout = { MaxFailedAccessAttempts = 5, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5) } }),
            Options.Create(new PasswordHasherOptions()),
            _time);

        for (var i = 0; i < 4; i++)
        {
            Assert.Null(unknown.Fail("Nobody@example.com", "x"));
        }

        var until = unknown.Fail("nobody@example.com", "x");
        Assert.Equal(_time.GetUtcNow().AddMinutes(5), until);
        Assert.Equal(until, unknown.Fail("nobody@example.com", "x"));
        Assert.Null(unknown.Fail("somebody@example.com", "x"));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(unknown.Fail("nobody@example.com", "x"));
    }
}

using System.Reflection;
using Integrations.Web.Account;
using Integrations.Web.Connections;
using Integrations.Web.Help;
using Integrations.Web.Layout;
using Integrations.Web.Organizations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Tests.Layout;

public sealed class PageAccessTests
{
    private static readonly Type[] _public =
    [
        typeof(SignInPage), typeof(SetupPage), typeof(HelpPage), typeof(ErrorPage), typeof(NotFoundPage), typeof(ConnectPage), typeof(ConnectResultPage), typeof(ConnectProblemPage),
    ];

    [Fact]
    public void Only_sign_in_setup_help_the_error_pages_and_those_of_a_connect_link_are_open_to_everybody()
    {
        var pages = typeof(SignInPage).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any()).ToList();

        // The help has pages of its own, all public.
        Assert.Equal(
            _public.Select(page => page.Name).Order(),
            pages.Where(page => page.GetCustomAttribute<AllowAnonymousAttribute>() is not null && (page == typeof(HelpPage) || page.Namespace != typeof(HelpPage).Namespace)).Select(page => page.Name).Order());
        Assert.All(pages, page => Assert.True(page.GetCustomAttribute<AllowAnonymousAttribute>() is not null || page.GetCustomAttribute<AuthorizeAttribute>() is not null, $"{page.Name} says nothing about access."));
    }
}

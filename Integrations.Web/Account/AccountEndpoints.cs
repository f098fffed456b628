using System.Security.Claims;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Integrations.Web.Account;

/// <summary>The forms of the frame: signing out and changing the organization.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this WebApplication app)
    {
        // Open to everybody: whose session has ended meanwhile could not come back to them after signing in.
        app.MapPost("/sign-out", SignOut).ExcludeFromDescription();
        app.MapPost("/account/organization", ChangeOrganization).ExcludeFromDescription();
    }

    // A bound form makes the antiforgery check part of the endpoint.
    private static async Task<IResult> SignOut([FromForm] string? returnUrl, SignInManager<AppUser> signIn)
    {
        await signIn.SignOutAsync();
        return Results.LocalRedirect(AccountServices.SignInPath);
    }

    private static async Task<IResult> ChangeOrganization([FromForm] Guid organization, ClaimsPrincipal user, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var userId))
        {
            return Results.LocalRedirect(AccountServices.SignInPath);
        }

        try
        {
            await organizations.WorkInAsync(userId, organization, cancellationToken);
        }
        catch (Refusal)
        {
            return Results.NotFound();
        }

        return Results.LocalRedirect("/");
    }
}

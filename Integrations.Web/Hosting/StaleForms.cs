using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Web.Hosting;

/// <summary>
/// A form that was opened before somebody signed in or out in another tab carries a token that no longer fits. In place of a bare 400 its page comes anew,
/// with a word about why. What the form asked for is not done.
/// </summary>
internal sealed class StaleForms(RequestDelegate next)
{
    public const string Parameter = "stale";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            return next(context);
        }

        var request = context.Request;
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = isPage ? QueryHelpers.AddQueryString(request.Path + request.QueryString, Parameter, "true") : "/";
        return Task.CompletedTask;
    }
}

using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Web.Api;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Web.Connections;

/// <summary>Where a browser goes, or what a program hears, when a consent has come back.</summary>
internal static class ConsentAnswers
{
    public static async Task<IResult> AnswerAsync(HttpContext context, ConsentResult result, string providerName)
    {
        if (WantsJson(context.Request))
        {
            if (result.Outcome == ConsentOutcome.Connected)
            {
                return Results.Ok(new ConsentAnswer(PublicId.Format(PublicId.Connection, result.ConnectionId!.Value), $"{providerName} connected successfully"));
            }

            await ApiProblem.WriteAsync(
                context, result.Outcome == ConsentOutcome.OtherAccount ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest,
                result.Outcome == ConsentOutcome.OtherAccount ? $"{providerName} is connected to another account. Open the consent in a browser to decide." : result.Reason ?? "The consent failed.");
            return Results.Empty;
        }

        return result switch
        {
            { ConsentId: null } => Results.LocalRedirect(ConnectPaths.Failed),
            { Outcome: ConsentOutcome.OtherAccount } => Results.LocalRedirect(ConnectPaths.Result(result.ConsentId.Value)),
            { ReturnTo: not null } => Results.Redirect(ReturnTo(result)),
            { Outcome: ConsentOutcome.Connected, IsMember: true } => Results.LocalRedirect($"{ConnectPaths.Provider(result.Provider)}?connected=1"),
            _ => Results.LocalRedirect(ConnectPaths.Result(result.ConsentId.Value)),
        };
    }

    /// <summary>The caller's address with what came of the consent.</summary>
    public static string ReturnTo(ConsentResult result)
    {
        Dictionary<string, string?> query = new(StringComparer.Ordinal)
        {
            ["provider"] = result.Provider,
            ["state"] = result.CallerState,
        };
        if (result.Outcome == ConsentOutcome.Connected)
        {
            query["success"] = "true";
            query["connectionId"] = PublicId.Format(PublicId.Connection, result.ConnectionId!.Value);
        }
        else
        {
            query["error"] = result.Error ?? "server_error";
            query["error_description"] = result.Reason;
        }

        return QueryHelpers.AddQueryString(result.ReturnTo!, query.Where(pair => !string.IsNullOrEmpty(pair.Value)).ToDictionary(StringComparer.Ordinal));
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted
        && accepted.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) && !accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}

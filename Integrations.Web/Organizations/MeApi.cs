using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Api;

namespace Integrations.Web.Organizations;

internal sealed record MeOrganizationResource(string Id, string Name, string Slug);

internal sealed record MeCredentialResource(string Id, string Name, ActorKind Kind, IReadOnlyList<string> Scopes);

internal sealed record MeAnswer(MeOrganizationResource Organization, MeCredentialResource Credential) : Answer;

/// <summary>Who calls: <c>/me</c>.</summary>
internal static class MeApi
{
    public static void MapMe(this RouteGroupBuilder api) => api.MapGet("/me", Get).WithTags("Me").Produces<MeAnswer>().WithSummary("Read whose credential this is and what it may do");

    private static async Task<IResult> Get(Caller caller, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        caller.Actor.Demand(Permission.ProfileRead);
        var organization = await organizations.GetAsync(caller.Actor, cancellationToken);
        return Results.Ok(new MeAnswer(
            new MeOrganizationResource(PublicId.Format(PublicId.Organization, organization.Id), organization.Name, organization.Slug),
            new MeCredentialResource(PublicId.Format(PublicId.ApiKey, caller.Actor.Id!.Value), caller.Actor.Name, caller.Actor.Kind, [.. caller.Actor.Scopes.Order(StringComparer.Ordinal)])));
    }
}

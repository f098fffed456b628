using System.Text.Json;
using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Api;

namespace Integrations.Web.Audit;

internal sealed record AuditActorResource(ActorKind Kind, string? Id, string Name);

internal sealed record AuditTargetResource(string Id, string Name);

/// <summary>One change: who did what to which thing, when and from where, before and after without secrets.</summary>
internal sealed record AuditEntryResource(
    string Id, DateTimeOffset At, string Action, AuditActorResource Actor, AuditTargetResource Target, string? IpAddress, string? RequestId, JsonElement? Before, JsonElement? After)
{
    public static AuditEntryResource From(AuditRow row) => new(
        PublicId.Format(PublicId.AuditEntry, row.Id),
        row.At,
        row.Action,
        new AuditActorResource(row.ActorKind, ActorId(row), row.ActorName),
        new AuditTargetResource(row.TargetId, row.TargetName),
        row.IpAddress,
        row.RequestId,
        row.Before is { } before ? JsonElement.Parse(before) : null,
        row.After is { } after ? JsonElement.Parse(after) : null);

    private static string? ActorId(AuditRow row) => row.ActorId is not { } id ? null : row.ActorKind == ActorKind.ApiKey ? PublicId.Format(PublicId.ApiKey, id) : PublicId.Format("user", id);
}

internal sealed record AuditAnswer(IReadOnlyList<AuditEntryResource> Entries, string? NextCursor) : Answer;

/// <summary>The audit log: <c>/audit</c>.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder api) => api.MapGet("/audit", List).WithTags("Audit").Produces<AuditAnswer>().WithSummary("List changes, newest first");

    private static async Task<IResult> List(Caller caller, ListQuery list, AuditQueries audit, string? action, string? targetId, CancellationToken cancellationToken)
    {
        var page = await audit.ListAsync(caller.Actor, new AuditFilter(action, targetId), list.Page, cancellationToken);
        return Results.Ok(new AuditAnswer([.. page.Rows.Select(AuditEntryResource.From)], page.NextCursor));
    }
}

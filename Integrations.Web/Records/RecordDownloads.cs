using System.Security.Claims;
using Integrations.Core.Organizations;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Web.Records;

/// <summary>Records as a file, for a signed-in browser.</summary>
internal static class RecordDownloads
{
    public static void MapRecordDownloads(this WebApplication app) => app.MapGet("/records/{type}/export", Export).RequireAuthorization().ExcludeFromDescription();

    private static async Task<IResult> Export(
        string type, string? q, string? provider, string? kind, string? status, string? contact, string? invoice, ClaimsPrincipal user, HttpContext context, OrganizationQueries organizations,
        RecordFiles files, CancellationToken cancellationToken)
    {
        if (RecordTypes.Find(type) is not { } known || !Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
            || await organizations.ListMembershipsAsync(userId, cancellationToken) is not [var membership, ..])
        {
            return Results.NotFound();
        }

        var actor = membership.ToActor() with { IpAddress = context.Connection.RemoteIpAddress?.ToString(), RequestId = context.TraceIdentifier };
        if (!actor.Can(Permission.RecordsRead))
        {
            return Results.NotFound();
        }

        RecordFilter filter = new(Some(q), Some(provider), Some(status), Some(kind), ContactId: Id(contact), InvoiceId: Id(invoice));
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(stream => files.WriteAsync(actor, known, filter, stream, context.RequestAborted), "text/csv; charset=utf-8", $"{known.Name}.csv");
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Guid? Id(string? text) => RecordIds.TryParse(text, out var id) ? id : null;
}

using System.Linq.Expressions;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Audit;

/// <summary>An audit entry as pages and the API show it.</summary>
public sealed record AuditRow(
    Guid Id,
    DateTimeOffset At,
    ActorKind ActorKind,
    Guid? ActorId,
    string ActorName,
    string? IpAddress,
    string? RequestId,
    string Action,
    string TargetId,
    string TargetName,
    string? Before,
    string? After);

/// <summary>What to show of the audit log. Null members do not filter.</summary>
public sealed record AuditFilter(string? Action = null, string? TargetId = null);

public sealed class AuditQueries(HubDbContextFactory contexts)
{
    /// <summary>The area whose entries only Admins and Owners see.</summary>
    private const string MembersArea = "member.";

    private static readonly Expression<Func<AuditEntry, AuditRow>> _row = entry => new AuditRow(
        entry.Id, entry.At, entry.ActorKind, entry.ActorId, entry.ActorName, entry.IpAddress, entry.RequestId, entry.Action, entry.TargetId, entry.TargetName, entry.Before, entry.After);

    public async Task<Page<AuditRow>> ListAsync(Actor actor, AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.AuditRead);
        await using var db = contexts.Create(actor);
        var entries = Visible(db, actor);
        if (filter.Action is { Length: > 0 } action)
        {
            // "webhook" means every action of the area, "webhook.created" only that one.
            var prefix = action + ".";
            entries = entries.Where(entry => entry.Action == action || entry.Action.StartsWith(prefix));
        }

        if (filter.TargetId is { Length: > 0 } target)
        {
            // The tenant filter alone leaves the index unused.
            entries = entries.Where(entry => entry.OrganizationId == organization && entry.TargetId == target);
        }

        return await entries.ToPageAsync(page, _row, row => row.Id, cancellationToken);
    }

    /// <exception cref="Refusal">Not there, another organization's, or not for this role.</exception>
    public async Task<AuditRow> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.AuditRead);
        await using var db = contexts.Create(actor);
        return await Visible(db, actor).Where(entry => entry.Id == id).Select(_row).FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("The audit entry");
    }

    private static IQueryable<AuditEntry> Visible(IntegrationsDbContext db, Actor actor) =>
        actor.Can(Permission.AuditReadMembers) ? db.AuditEntries : db.AuditEntries.Where(entry => !entry.Action.StartsWith(MembersArea));
}

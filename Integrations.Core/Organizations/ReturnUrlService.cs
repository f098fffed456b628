using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Organizations;

/// <summary>Keeps an organization's list of where connect links may lead people afterwards (<see cref="ReturnUrls"/>).</summary>
public sealed class ReturnUrlService(HubDbContextFactory contexts, Turns turns, AuditLog audit)
{
    public async Task<IReadOnlyList<string>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.OrganizationRead);
        await using var db = contexts.Create(actor);
        return await db.Organizations.Where(row => row.Id == organization).Select(row => row.ReturnUrls).FirstAsync(cancellationToken);
    }

    /// <exception cref="Refusal">Malformed, on the list already, or the list is full.</exception>
    public Task AddAsync(Actor actor, string? url, CancellationToken cancellationToken) => ChangeAsync(
        actor,
        urls =>
        {
            var added = url?.Trim() ?? "";
            if (ReturnUrls.WhyNot(added) is { } reason)
            {
                throw Refusal.Invalid("url", added.Length == 0 ? "url is required." : reason);
            }

            if (urls.Contains(added))
            {
                throw Refusal.Conflict("url", $"{added} is on the list already.");
            }

            return urls.Count < ReturnUrls.Max ? [.. urls, added] : throw Refusal.Unprocessable("url", $"The list holds {ReturnUrls.Max} URLs at most. Remove one first.");
        },
        cancellationToken);

    /// <exception cref="Refusal">Not on the list.</exception>
    public Task RemoveAsync(Actor actor, string url, CancellationToken cancellationToken) =>
        ChangeAsync(actor, urls => urls.Contains(url) ? [.. urls.Where(other => other != url)] : throw Refusal.NotFound("The return URL"), cancellationToken);

    private async Task ChangeAsync(Actor actor, Func<List<string>, List<string>> change, CancellationToken cancellationToken)
    {
        // Whoever may make connect links may say where they lead.
        var id = actor.Demand(Permission.ConnectionsWrite);
        await using var db = contexts.Create(actor);
        await using var turn = await turns.TakeAsync(db, $"return-urls/{id}", cancellationToken);
        var organization = await db.Organizations.FirstAsync(row => row.Id == id, cancellationToken);
        var before = organization.ReturnUrls;
        organization.ReturnUrls = change(before);
        audit.Add(
            db, actor, id, "organization.return_urls_changed", PublicId.Format(PublicId.Organization, id), organization.Name,
            new { ReturnUrls = before.ToArray() }, new { ReturnUrls = organization.ReturnUrls.ToArray() });
        await db.SaveChangesAsync(cancellationToken);
        await turn.EndAsync();
    }
}

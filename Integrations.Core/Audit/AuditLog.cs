using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Audit;

/// <summary>Writes audit entries into the transaction of the change that they tell of.</summary>
public sealed class AuditLog(TimeProvider time)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        // The entry is shown as text; HTML escapes would only make it hard to read.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private const string InsertSql =
        """
        INSERT INTO "AuditEntries" ("Id", "OrganizationId", "At", "ActorKind", "ActorId", "ActorName", "IpAddress", "RequestId", "Action", "TargetId", "TargetName", "Before", "After")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    /// <param name="before">The changed members before, or null when the thing is new. Give only members that are safe to show.</param>
    /// <param name="after">The changed members after, or null when the thing is gone.</param>
    public void Add(IntegrationsDbContext db, Actor actor, Guid organizationId, string action, string targetId, string targetName, object? before, object? after) =>
        db.AuditEntries.Add(Make(actor, organizationId, action, targetId, targetName, before, after));

    /// <summary>The same, into a transaction of the group writer.</summary>
    public async ValueTask AddAsync(WriteSession session, Actor actor, Guid organizationId, string action, string targetId, string targetName, object? before, object? after)
    {
        var entry = Make(actor, organizationId, action, targetId, targetName, before, after);
        await session.ExecuteAsync(InsertSql, bind => bind
            .Add(entry.Id).Add(entry.OrganizationId).Add(entry.At).Add((long)entry.ActorKind).Add(entry.ActorId).Add(entry.ActorName).Add(entry.IpAddress).Add(entry.RequestId)
            .Add(entry.Action).Add(entry.TargetId).Add(entry.TargetName).Add(entry.Before).Add(entry.After));
    }

    private AuditEntry Make(Actor actor, Guid organizationId, string action, string targetId, string targetName, object? before, object? after)
    {
        var now = time.GetUtcNow();
        return new AuditEntry
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organizationId,
            At = now,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            IpAddress = actor.IpAddress,
            RequestId = actor.RequestId,
            Action = action,
            TargetId = targetId,
            // URLs may be longer than a name has to be.
            TargetName = targetName.Length > AuditEntry.MaxTargetNameLength ? targetName[..AuditEntry.MaxTargetNameLength] : targetName,
            Before = before is null ? null : JsonSerializer.Serialize(before, _json),
            After = after is null ? null : JsonSerializer.Serialize(after, _json),
        };
    }
}

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

    /// <param name="before">The changed members before, or null when the thing is new. Give only members that are safe to show.</param>
    /// <param name="after">The changed members after, or null when the thing is gone.</param>
    public void Add(IntegrationsDbContext db, Actor actor, Guid organizationId, string action, string targetId, string targetName, object? before, object? after)
    {
        var now = time.GetUtcNow();
        db.AuditEntries.Add(new AuditEntry
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
        });
    }
}

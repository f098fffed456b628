using Integrations.Core.Security;

namespace Integrations.Web.Api;

/// <summary>Who calls an endpoint of the REST API, by the credential that the request carried.</summary>
internal sealed record Caller(Actor Actor)
{
    private static readonly object _key = new();

    /// <summary>For answering with what the caller has just written, which it may see without the scope to read.</summary>
    public Actor AfterWriting => Actor.System(Actor.Name, Actor.OrganizationId!.Value);

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(Find(context));

    public static Caller? Find(HttpContext context) => context.Items[_key] is Actor actor ? new Caller(actor) : null;

    public static void Set(HttpContext context, Actor actor) => context.Items[_key] = actor;
}

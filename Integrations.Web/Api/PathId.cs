using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Web.Api;

/// <summary>Ids in paths: one that cannot be is as much "not found" as one that is not there.</summary>
internal static class PathId
{
    /// <param name="what">The thing with its article, for the refusal.</param>
    /// <exception cref="Refusal"><see cref="RefusalKind.NotFound"/>.</exception>
    public static Guid Parse(string prefix, string id, string what) => PublicId.TryParse(prefix, id, out var parsed) ? parsed : throw Refusal.NotFound(what);
}

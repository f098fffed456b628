using Integrations.Core.Security;
using Integrations.Web.Account;

namespace Integrations.Web.Shared;

/// <summary>Does what has no form in which a refusal could be shown: a toast tells how it went.</summary>
internal static class ToastTries
{
    /// <param name="done">What to say when it is done, or null.</param>
    /// <returns>False when it was refused.</returns>
    public static async Task<bool> TryAsync(this Toasts toasts, CurrentMember member, Func<Actor, Task> act, string? done)
    {
        try
        {
            await act(await member.GetActorAsync());
            if (done is not null)
            {
                toasts.Success(done);
            }

            return true;
        }
        catch (Refusal refusal)
        {
            toasts.Failure(refusal.Message, refusal.ConflictsWith is { } run && run.StartsWith("sync_", StringComparison.Ordinal) ? new ToastLink("Open the run", $"/sync/{run}") : null);
            return false;
        }
    }
}

using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

public sealed partial class ProvidersPage
{
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.ConnectionsChanged];

    private Loaded<Shown>? _loaded;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectorCatalog Catalog { get; init; }

    [Inject]
    public required OAuthClients Clients { get; init; }

    [Inject]
    public required ReturnUrlService ReturnUrls { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    /// <summary>The row that a link is about.</summary>
    [SupplyParameterFromQuery]
    public string? Provider { get; set; }

    private static string Origin(ClientOrigin origin) => origin switch
    {
        ClientOrigin.Configuration => "From the configuration",
        ClientOrigin.Organization => "Entered here",
        _ => "None",
    };

    private async Task<Shown> LoadAsync(CancellationToken cancellationToken)
    {
        var actor = await Member.GetActorAsync(cancellationToken);
        return new Shown(actor, await Clients.ListAsync(actor, cancellationToken), await ReturnUrls.ListAsync(actor, cancellationToken));
    }

    private Task RefreshAsync() => _loaded?.RefreshAsync() ?? Task.CompletedTask;

    private async Task EnterAsync(OAuthClientRow row)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(ClientDialog.Client)] = row };
        if (await Dialogs.OpenAsync<ClientDialog, bool>($"OAuth client at {row.Name}", parameters, wide: true))
        {
            Toasts.Success($"The OAuth client at {row.Name} was saved.");
        }
    }

    private async Task RemoveAsync(OAuthClientRow row)
    {
        if (!await Dialogs.ConfirmAsync(
            $"Remove the OAuth client at {row.Name}?",
            $"The hub can no longer renew the access of a connection that was made with it, unless the configuration has the same client. What was granted is not revoked at {row.Name}.",
            "Remove client",
            danger: true))
        {
            return;
        }

        FormFaults faults = new();
        if (await faults.TryAsync(async () => await Clients.RemoveAsync(await Member.GetActorAsync(), row.Provider, CancellationToken.None)))
        {
            Toasts.Success($"The OAuth client at {row.Name} was removed.");
        }
        else
        {
            Toasts.Failure(faults.Rest!);
        }
    }

    private sealed record Shown(Actor Actor, IReadOnlyList<OAuthClientRow> Clients, IReadOnlyList<string> ReturnUrls)
    {
        public bool CanWrite => Actor.Can(Permission.ProvidersWrite);
    }
}

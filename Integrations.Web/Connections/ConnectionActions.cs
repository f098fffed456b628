using System.Globalization;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;

namespace Integrations.Web.Connections;

/// <summary>What a member does with a provider or its connection: the question, the call and the answer, the same on every page.</summary>
public sealed class ConnectionActions(CurrentMember member, ConnectionService connections, ConnectService connect, Dialogs dialogs, Toasts toasts)
{
    /// <summary>Asks for what the provider needs and connects it, anew or again. Consent leaves the page and comes back to the provider's own.</summary>
    /// <param name="permissions">Ticked at first; null for those of the connection, or the connector's defaults.</param>
    /// <param name="mode">The way that is shown first.</param>
    public async Task<bool> ConnectAsync(CatalogueRow row, IReadOnlyList<string>? permissions = null, AuthMode? mode = null)
    {
        var name = row.Connector.Info.Name;
        var isLive = ConnectionWords.IsLive(row.Connection);
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal)
        {
            [nameof(ConnectDialog.Row)] = row,
            [nameof(ConnectDialog.Permissions)] = permissions,
            [nameof(ConnectDialog.Mode)] = mode ?? (isLive ? row.Connection!.AuthMode : null),
        };
        var title = isLive && row.Connector.WebhookUrl is not null ? $"Add a webhook URL of {name}" : isLive ? $"Reconnect {name}" : $"Connect {name}";
        if (!await dialogs.OpenAsync<ConnectDialog, bool>(title, parameters, wide: true))
        {
            return false;
        }

        toasts.Success(isLive && row.Connector.WebhookUrl is not null ? "The webhook URL was added." : $"{name} is connected.");
        return true;
    }

    /// <summary>Makes a link for a person without an account here.</summary>
    public Task LinkAsync(CatalogueRow row) => dialogs.OpenAsync<ConnectLinkDialog, bool>(
        $"Connect link for {row.Connector.Info.Name}", new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ConnectLinkDialog.Row)] = row }, wide: true);

    /// <returns>Whether it was disconnected.</returns>
    public async Task<bool> DisconnectAsync(ConnectionDetail connection)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(DisconnectDialog.Connection)] = connection };
        if (!await dialogs.OpenAsync<DisconnectDialog, bool>($"Disconnect {connection.Connector.Info.Name}?", parameters))
        {
            return false;
        }

        toasts.Success($"{connection.Connector.Info.Name} is disconnected.");
        return true;
    }

    public async Task TestAsync(ConnectionDetail connection)
    {
        ConnectionTestResult? result = null;
        if (!await TryAsync(async actor => result = await connections.TestAsync(actor, connection.Id, CancellationToken.None), null) || result is null)
        {
            return;
        }

        if (result.Ok)
        {
            toasts.Success($"{result.Message} It took {result.Milliseconds.ToString("N0", CultureInfo.CurrentCulture)} ms.");
        }
        else
        {
            toasts.Failure(result.Message);
        }
    }

    public Task RefreshAsync(ConnectionDetail connection) =>
        TryAsync(actor => connections.RefreshAsync(actor, connection.Id, CancellationToken.None), "The access token was renewed.");

    /// <summary>Connects again with the credential that a disconnection kept.</summary>
    public Task<bool> ConnectKeptAsync(ConnectionDetail connection) => TryAsync(
        actor => connect.ConnectAsync(actor, new ConnectInput { Provider = connection.Connector.Info.Key, Permissions = connection.Permissions }, CancellationToken.None),
        $"{connection.Connector.Info.Name} is connected.");

    public async Task DeleteKeptAsync(ConnectionDetail connection)
    {
        var name = connection.Connector.Info.Name;
        if (await dialogs.ConfirmAsync($"Delete the kept credential of {name}?", "It is revoked at the provider where that can be done, and deleted here. To connect again it has to be entered or consented to anew.", "Delete credential", danger: true))
        {
            await TryAsync(actor => connections.DisconnectAsync(actor, connection.Id, keepCredential: false, CancellationToken.None), "The credential was deleted.");
        }
    }

    // Does what has no form in which a refusal could be shown.
    private Task<bool> TryAsync(Func<Actor, Task> act, string? done) => toasts.TryAsync(member, act, done);
}

using Integrations.Core.Security;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;

namespace Integrations.Web.Webhooks;

/// <summary>What a member does with an endpoint: the question, the call and the answer, the same on every page.</summary>
public sealed class EndpointActions(CurrentMember member, WebhookService webhooks, WebhookSecretService secrets, WebhookQueries queries, Dialogs dialogs, Toasts toasts)
{
    /// <summary>Asks for a new endpoint and shows its secret.</summary>
    /// <returns>The endpoint's id, or null when it was given up.</returns>
    public async Task<Guid?> AddAsync()
    {
        if (await dialogs.OpenAsync<EndpointDialog, CreatedWebhook>("Add a webhook endpoint", wide: true) is not { } created)
        {
            return null;
        }

        var endpoint = await queries.GetAsync(await member.GetActorAsync(), created.Id, CancellationToken.None);
        await ShowSecretAsync("The endpoint was added", created.Secret, endpoint.SignatureHeader);
        return created.Id;
    }

    /// <summary>Asks for the overlap, rotates the secret and shows the new one.</summary>
    public async Task RotateAsync(WebhookDetail endpoint)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(RotateDialog.Endpoint)] = endpoint };
        if (await dialogs.OpenAsync<RotateDialog, RotatedSecret>("Rotate the signing secret", parameters) is { } rotated)
        {
            await ShowSecretAsync("The secret was rotated", rotated.Secret, endpoint.SignatureHeader);
        }
    }

    public async Task EndOverlapAsync(WebhookDetail endpoint)
    {
        if (await dialogs.ConfirmAsync("End the overlap now?", "The old secret stops signing at once. Receivers that still hold it refuse the next deliveries.", "End overlap", danger: true))
        {
            await TryAsync(actor => secrets.EndOverlapAsync(actor, endpoint.Id, CancellationToken.None), "Only the new secret signs now.");
        }
    }

    public async Task EditAsync(WebhookDetail endpoint)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(EndpointDialog.Endpoint)] = endpoint };
        if (await dialogs.OpenAsync<EndpointDialog, bool>("Edit the webhook endpoint", parameters, wide: true))
        {
            toasts.Success("The endpoint was saved.");
        }
    }

    /// <returns>Whether it was done.</returns>
    public async Task<bool> SwitchAsync(WebhookDetail endpoint, bool on)
    {
        var waiting = endpoint.Health.Waiting switch
        {
            0 => "",
            1 => " 1 delivery that waits is discarded.",
            var count => $" {count:N0} deliveries that wait are discarded.",
        };
        if (!on && !await dialogs.ConfirmAsync(
            $"Switch {EndpointWords.Name(endpoint.Url)} off?", $"{Short(endpoint.Url)} gets no events until it is switched on again.{waiting} What is published meanwhile is kept, so that it can be replayed.", "Switch off"))
        {
            return false;
        }

        return await TryAsync(
            actor => webhooks.UpdateAsync(actor, endpoint.Id, new WebhookInput { IsActive = on }, CancellationToken.None), on ? "The endpoint is on." : "The endpoint is off.");
    }

    /// <returns>Whether it was deleted.</returns>
    public async Task<bool> DeleteAsync(WebhookDetail endpoint) =>
        await dialogs.ConfirmAsync(
            $"Delete {EndpointWords.Name(endpoint.Url)}?",
            $"{Short(endpoint.Url)} gets no more events. Deliveries that wait are discarded. Its secret is destroyed; the history of its deliveries stays until retention takes it.",
            "Delete endpoint",
            danger: true)
        && await TryAsync(actor => webhooks.DeleteAsync(actor, endpoint.Id, CancellationToken.None), "The endpoint was deleted.");

    /// <summary>Does what has no form in which a refusal could be shown.</summary>
    public Task<bool> TryAsync(Func<Actor, Task> act, string done) => toasts.TryAsync(member, act, done);

    private Task ShowSecretAsync(string title, string? secret, string signatureHeader)
    {
        if (secret is null)
        {
            toasts.Success($"{title}. Its public key stands on its page.");
            return Task.CompletedTask;
        }

        Dictionary<string, object?> parameters = new(StringComparer.Ordinal)
        {
            [nameof(SecretDialog.Secret)] = secret,
            [nameof(SecretDialog.SignatureHeader)] = signatureHeader,
        };
        return dialogs.OpenAsync<SecretDialog, bool>(title, parameters, wide: true, dismissable: false);
    }

    private static string Short(string url) => url.Length <= 160 ? url : url[..159] + "…";
}

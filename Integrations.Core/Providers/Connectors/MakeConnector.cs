namespace Integrations.Core.Providers.Connectors;

public sealed class MakeConnector : Connector
{
    public override ConnectorInfo Info { get; } = new(
        "make", "Make", ProviderCategory.Automation, "Starts scenarios when something happens here.", ["Webhooks", "Scenarios"],
        "https://help.make.com/webhooks", new ProviderTile("Mk", "#6d2fc0"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Make a scenario whose first module is Webhooks, Custom webhook, and add a webhook to it.",
            "Copy its address and paste it here. Choose which events go there.",
            "If the webhook demands an API key, add the header x-make-apikey to the endpoint here.",
            "To send the other way, use the module HTTP, Make a request, with the hub's address and one of its API keys.",
        ],
        ["The form of the address, the header x-make-apikey and the answer are known from other programs only (unverified). Any zone is taken; for a domain of your own, use Custom webhook."]);

    // Note: the zone (eu1, us2 …) is part of the host, and Make's enterprise edition has one level more.
    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new WebhookUrlMethod("^https://hook\\.[a-z0-9-]+\\.make\\.(com|celonis\\.com)/[A-Za-z0-9_-]+/?$", "https://hook.eu1.make.com/abcdefghijklmnopqrstuvwxyz012345", "In the scenario's first module, Webhooks, Custom webhook."),
    ];
}

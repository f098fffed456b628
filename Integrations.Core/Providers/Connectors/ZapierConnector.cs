namespace Integrations.Core.Providers.Connectors;

public sealed class ZapierConnector : Connector
{
    public override ConnectorInfo Info { get; } = new(
        "zapier", "Zapier", ProviderCategory.Automation, "Starts Zaps when something happens here.", ["Webhooks", "Zaps"],
        "https://help.zapier.com/hc/en-us/articles/8496288690317-Trigger-Zaps-from-webhooks", new ProviderTile("Za", "#b33c00"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Make a Zap whose trigger is Webhooks by Zapier, with the event Catch Hook.",
            "Copy the webhook URL that Zapier shows and paste it here. Choose which events go there.",
            "Send a test from here, and let Zapier find it as the sample of the trigger.",
            "To send the other way, use the action Webhooks by Zapier, POST, with the hub's address and one of its API keys.",
        ],
        ["Whoever knows the URL can start the Zap: Zapier checks no signature. What a good answer says is taken on trust (unverified); any 2xx counts."]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new WebhookUrlMethod("^https://hooks\\.zapier\\.com/hooks/catch/[A-Za-z0-9/]+/?$", "https://hooks.zapier.com/hooks/catch/123456/abcdef/", "In the Zap's trigger, Webhooks by Zapier, under Test."),
    ];
}

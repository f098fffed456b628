namespace Integrations.Core.Providers.Connectors;

public sealed class CustomConnector : Connector
{
    public override ConnectorInfo Info { get; } = new(
        "custom", "Custom webhook", ProviderCategory.Automation, "Any program that takes HTTP requests.", ["Webhooks", "Signed"],
        "https://www.standardwebhooks.com/", new ProviderTile("Cw", "#455a64"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Give the URL of your program; it receives each event as JSON by POST.",
            "Check the signature of what arrives: the help page about webhooks shows how, with samples in four languages.",
            "Answer with a 2xx within the time-out. Anything else is tried again; 410 switches the endpoint off.",
        ],
        ["A program in your own network has to be on Security:AllowedNetworks before the hub may call it."]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
        [new WebhookUrlMethod("", "https://example.com/webhooks/integrations", "Where your program receives events.")];
}

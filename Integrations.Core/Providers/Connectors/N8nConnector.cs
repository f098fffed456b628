namespace Integrations.Core.Providers.Connectors;

public sealed class N8nConnector : Connector
{
    public override ConnectorInfo Info { get; } = new(
        "n8n", "n8n", ProviderCategory.Automation, "Starts workflows when something happens here.", ["Webhooks", "Workflows", "Self-hosted"],
        "https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/", new ProviderTile("n8", "#b3305c"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Make a workflow that begins with a Webhook node, method POST.",
            "Copy its production URL and paste it here; the test URL only works while the editor listens. Choose which events go there.",
            "If the node demands header authentication, add that header to the endpoint here.",
            "To send the other way, use the HTTP Request node with the hub's address and one of its API keys.",
        ],
        [
            "An n8n in your own network has to be on Security:AllowedNetworks before the hub may call it.",
            "Which kinds of authentication the Webhook node offers is taken on trust (unverified).",
        ]);

    // Note: n8n is self-hosted by many, so any host is taken, and a path may come before /webhook.
    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new WebhookUrlMethod(@"^https?://[^\s/?#]+(/[^\s?#]*)?/webhook(-test)?/[^\s#]+$", "https://example.app.n8n.cloud/webhook/orders", "In the Webhook node, under Production URL."),
    ];
}

namespace Integrations.Web.Events;

/// <summary>The command with which a program publishes its first event.</summary>
public static class PublishCommand
{
    /// <param name="baseUri">The address of this hub, with a slash at its end.</param>
    public static string Curl(string baseUri) =>
        $$$"""
        curl -X POST {{{baseUri}}}api/events \
          -H 'X-API-Key: sk_your_key' \
          -H 'Content-Type: application/json' \
          -d '{"event":"invoice.paid","data":{"invoiceId":"invoice-123","amount":1000.00}}'
        """;
}

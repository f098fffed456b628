namespace Integrations.Web.Events;

/// <summary>Commands that a reader can paste into a terminal.</summary>
internal static class Curl
{
    /// <summary>Publishes <c>custom.hello</c>, a type that needs no definition.</summary>
    public static string Publish(string hubUrl, string apiKey) =>
        $$$"""
        curl {{{hubUrl}}}/api/events \
          -H 'Authorization: Bearer {{{apiKey}}}' \
          -H 'Content-Type: application/json' \
          -d '{"event": "custom.hello", "data": {"message": "Hello"}}'
        """;
}

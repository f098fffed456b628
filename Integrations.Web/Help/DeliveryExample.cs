using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Events;
using Integrations.Core.Webhooks;

namespace Integrations.Web.Help;

/// <summary>A delivery as the hub would make it, for the help.</summary>
internal static class DeliveryExample
{
    private const string Type = "invoice.paid";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>With line breaks, which a real body has not.</summary>
    public static string Body { get; } = Build();

    private static string Build()
    {
        var data = Encoding.UTF8.GetBytes(EventCatalogue.Find(Type)!.Example);
        var body = WebhookBody.Build("evt_01m7wn0672e0084gbwagxdane3", Type, Type, new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero), data);
        return JsonNode.Parse(body)!.ToJsonString(_indented);
    }
}

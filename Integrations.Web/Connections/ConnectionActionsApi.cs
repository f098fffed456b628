using System.Text.Json;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Web.Api;

namespace Integrations.Web.Connections;

/// <summary>What connections can do: send a message, send an e-mail, upload a file.</summary>
internal static class ConnectionActionsApi
{
    public static void MapConnectionActions(this RouteGroupBuilder group)
    {
        group.MapGet("/connections/{id}/actions", List).Produces<ActionsAnswer>().WithSummary("List what a connection can do");
        group.MapPost("/connections/{id}/actions/{action}", Run).Accepts<JsonElement>("application/json").Produces<ActionAnswerResource>()
            .WithSummary("Let a connection do something").WithDescription("The body holds the action's fields as texts; a file is {\"name\", \"contentType\", \"content\" (base64)}.");
    }

    private static async Task<IResult> List(string id, Caller caller, ConnectionQueries connections, CancellationToken cancellationToken)
    {
        var detail = await connections.GetAsync(caller.Actor, ConnectionsApi.ConnectionId(id), cancellationToken);
        return Results.Ok(new ActionsAnswer([.. detail.Connector.Actions.Select(ActionResource.From)]));
    }

    private static async Task<IResult> Run(string id, string action, HttpContext context, Caller caller, ConnectionService service, CancellationToken cancellationToken)
    {
        var connection = ConnectionsApi.ConnectionId(id);
        var answer = await service.RunActionAsync(caller.Actor, connection, action, Read(await ApiBody.ReadAsync<Dictionary<string, JsonElement>>(context)), cancellationToken);
        return Results.Ok(new ActionAnswerResource(new ActionResultResource(answer.Message, answer.Id, answer.Url)));
    }

    private static ActionInput Read(Dictionary<string, JsonElement> members)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        ActionFile? file = null;
        Faults faults = new();
        foreach (var (name, value) in members)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    values[name] = value.GetString()!;
                    break;
                case JsonValueKind.Object:
                    file = ReadFile(name, value, faults);
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    faults.Add(name, $"{name} must be a text.");
                    break;
            }
        }

        faults.ThrowIfAny();
        return new ActionInput(values, file);
    }

    private static ActionFile? ReadFile(string name, JsonElement value, Faults faults)
    {
        try
        {
            var file = value.Deserialize<ActionFileRequest>(ApiJson.Options)!;
            if (file.Name.Length is 0 or > 255 || file.Name.IndexOfAny(['/', '\\', '\0']) >= 0 || file.Name.Any(char.IsControl))
            {
                faults.Add($"{name}.name", "name must be a file name of at most 255 characters, without a path.");
                return null;
            }

            return new ActionFile(file.Name, file.ContentType ?? "application/octet-stream", Convert.FromBase64String(file.Content));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            faults.Add(name, $"{name} must be {{\"name\", \"contentType\", \"content\"}} with the content in base64.");
            return null;
        }
    }
}

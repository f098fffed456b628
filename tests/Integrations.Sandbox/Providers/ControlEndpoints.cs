using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;
using Microsoft.AspNetCore.Http.Features;

namespace Integrations.Sandbox.Providers;

/// <summary>/control/{provider}: what a test does in the same process, for people and for tests of another process.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this WebApplication app, ProviderCatalogue catalogue)
    {
        app.MapGet("/control/{provider}", (string provider) => Find(catalogue, provider) is { } control ? Results.Ok(View(control)) : Results.NotFound());
        app.MapPut("/control/{provider}", async (HttpContext context, string provider) => Find(catalogue, provider) is { } control ? await ApplyAsync(context, control) : Results.NotFound());
        app.MapGet("/control/{provider}/rows/{type}/{index:int}", (string provider, string type, int index, int? part) => OnRow(catalogue, provider, type, part, table =>
            Results.Text(table.Read(index).ToJsonString(DataAnswer.AsWritten), "application/json")));
        app.MapPatch("/control/{provider}/rows/{type}/{index:int}", (string provider, string type, int index, int? part, JsonObject values) => OnRow(catalogue, provider, type, part, table =>
        {
            table.Edit(index, values.Select(value => (value.Key, (object?)value.Value)));
            return Results.Text(table.Read(index).ToJsonString(DataAnswer.AsWritten), "application/json");
        }));
        app.MapDelete("/control/{provider}", (string provider) =>
        {
            if (Find(catalogue, provider) is not { } control)
            {
                return Results.NotFound();
            }

            control.Reset();
            control.ClearRecords();
            return Results.NoContent();
        });
    }

    private static ProviderControl? Find(ProviderCatalogue catalogue, string key) => catalogue.All.FirstOrDefault(provider => provider.Key == key)?.Control;

    private static async Task<IResult> ApplyAsync(HttpContext context, ProviderControl control)
    {
        try
        {
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
            {
                var setting = await JsonSerializer.DeserializeAsync<ControlSetting>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
                setting?.Apply(control);
            }

            DataSetting.Apply(control, context.Request.Query);
            return Results.Ok(View(control));
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            return Results.BadRequest(new { error = e.Message, known = ControlSetting.Help, data = DataSetting.Help });
        }
    }

    private static IResult OnRow(ProviderCatalogue catalogue, string provider, string type, int? part, Func<DataTable, IResult> answer)
    {
        try
        {
            return Find(catalogue, provider) is { } control ? answer(control.Rows(type, part ?? 0)) : Results.NotFound();
        }
        catch (ArgumentException e)
        {
            return Results.BadRequest(new { error = e.Message });
        }
    }

    private static object View(ProviderControl control) => new
    {
        control.Key,
        control.Name,
        Account = control.Account.ToString(),
        control.LiveGrants,
        control.Refreshes,
        control.RefusesRefresh,
        control.RotatesTokens,
        control.RequiresPkce,
        control.RedirectUri,
        Violations = control.Violations.Select(violation => new { violation.At, violation.Request, violation.Rule }),
        Sent = control.Sent.Select(item => new { item.At, item.Action, item.Values, Content = Encoding.UTF8.GetString(item.Content.Span) }),
        Calls = control.Calls.TakeLast(100),
        control.CallCounts,
        control.Dirt,
        Rows = control.Data.Types.Select(type => control.Rows(type)).ToDictionary(table => table.Type, table => new { table.Count, table.MadeByClient, table.ChangedByClient }),
    };
}

using System.Text;
using System.Text.Json;

namespace Integrations.Sandbox.Providers;

/// <summary>/control/{provider}: what a test does in the same process, for people and for tests of another process.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this WebApplication app, ProviderCatalogue catalogue)
    {
        app.MapGet("/control/{provider}", (string provider) => Find(catalogue, provider) is { } control ? Results.Ok(View(control)) : Results.NotFound());
        app.MapPut("/control/{provider}", async (HttpContext context, string provider) => Find(catalogue, provider) is { } control ? await ApplyAsync(context, control) : Results.NotFound());
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
            var setting = await JsonSerializer.DeserializeAsync<ControlSetting>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
            setting?.Apply(control);
            return Results.Ok(View(control));
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            return Results.BadRequest(new { error = e.Message, known = ControlSetting.Help });
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
    };
}

using System.Text;
using Integrations.Sandbox.Providers.Faults;
using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox.Providers;

internal static class ProviderEndpoints
{
    /// <summary>Counts what reaches a provider, and answers in its place where a fault was ordered.</summary>
    public static void UseProviderFaults(this WebApplication app, ProviderCatalogue catalogue, TimeProvider time) => app.Use(async (context, next) =>
    {
        if (Find(catalogue, context.Request.Path) is not var (provider, rest))
        {
            await next(context);
            return;
        }

        // Kept before the answer leaves, so that whoever has the answer finds the call.
        var isKept = false;
        var endpoint = context.GetEndpoint();
        context.Response.OnStarting(() =>
        {
            Keep(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        var fault = provider.Control.Faults.Take(rest, endpoint?.Metadata.GetMetadata<DataCall>() is not null);
        try
        {
            await (fault switch
            {
                null => next(context),
                Cut => CutAsync(context, next),
                Late late => LateAsync(context, late.Delay, time, next),
                _ => WriteAsync(context, provider, fault, time, app.Lifetime.ApplicationStopping),
            });
        }
        finally
        {
            Keep(fault is Behaving { Behaviour: Reset or Hang } || context.RequestAborted.IsCancellationRequested ? 0 : context.Response.StatusCode);
        }

        void Keep(int status)
        {
            if (!isKept)
            {
                isKept = true;
                provider.Control.Record(context.Request.Method, rest, Pattern(endpoint, provider, rest), status);
            }
        }
    });

    public static void MapProviders(this WebApplication app, ProviderCatalogue catalogue)
    {
        foreach (var provider in catalogue.All)
        {
            var routes = new ProviderRoutes(app.MapGroup($"/providers/{provider.Key}"));
            provider.Map(routes);
            routes.Else(context =>
            {
                provider.Control.Violated(context, "the provider has no such path or method");
                return provider.NotFound(context);
            });
        }
    }

    private static (SandboxProvider Provider, string Below)? Find(ProviderCatalogue catalogue, PathString path)
    {
        if (!path.StartsWithSegments("/providers", out var below))
        {
            return null;
        }

        foreach (var provider in catalogue.All)
        {
            if (below.StartsWithSegments("/" + provider.Key, out var rest))
            {
                return (provider, rest.Value ?? "");
            }
        }

        return null;
    }

    private static string Pattern(Endpoint? endpoint, SandboxProvider provider, string path)
    {
        var pattern = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";
        return pattern.Contains("{**", StringComparison.Ordinal) || pattern.Length == 0 ? path : pattern[$"/providers/{provider.Key}".Length..];
    }

    private static async Task CutAsync(HttpContext context, RequestDelegate next)
    {
        var real = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        await next(context);
        context.Response.Body = real;
        context.Response.ContentLength = whole.Length;
        await real.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length / 2), context.RequestAborted);
        await real.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static async Task LateAsync(HttpContext context, TimeSpan delay, TimeProvider time, RequestDelegate next)
    {
        await Task.Delay(delay, time, context.RequestAborted);
        await next(context);
    }

    private static Task WriteAsync(HttpContext context, SandboxProvider provider, Fault fault, TimeProvider time, CancellationToken stopping) => fault switch
    {
        RateLimit limit => provider.RateLimited(context, limit.RetryAfter).ExecuteAsync(context),
        Behaving behaving => BehaviourAnswer.WriteAsync(context, behaving.Behaviour, time, stopping),
        _ => Results.Text("{\"broken\": [1, 2,", "application/json", Encoding.UTF8).ExecuteAsync(context),
    };
}

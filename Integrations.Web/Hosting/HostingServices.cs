using System.Net;
using Integrations.Core.Security;
using Integrations.Web.Api;
using Microsoft.AspNetCore.HttpOverrides;

namespace Integrations.Web.Hosting;

/// <summary>What surrounds every request: proxies, security headers, errors, static files, telemetry.</summary>
internal static class HostingServices
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        // Without it an unpublished run in Production would serve static files with an empty body.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(40));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: [HealthEndpoints.Ready]);
        builder.Services.AddSingleton<PublicUrl>();
        builder.Services.AddSingleton<IHubAddress>(services => services.GetRequiredService<PublicUrl>());
        builder.Services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "integrations.antiforgery";
            options.Cookie.SecurePolicy = PublicUrl.CookiePolicy(builder.Configuration);
        });
        builder.AllowLoopbackInDevelopment();
        builder.TrustProxies();
        builder.AddTelemetry();
    }

    public static void UseHosting(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseWhen(IsApi, api => api.UseMiddleware<ApiErrors>());
        app.UseWhen(context => !IsApi(context), pages => pages
            .Use(AnswerHead)
            .UseExceptionHandler("/error", createScopeForErrors: true)
            .UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<StaleForms>();
        app.UseMiddleware<Idempotency>();
    }

    // Pages are mapped for GET and POST alone, but monitors and link checkers ask for the head of one. What goes before the body is the same.
    private static Task AnswerHead(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Response.Body = Stream.Null;
        }

        return next(context);
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    // A developer's receivers run on the same machine; whoever publishes the hub decides for themselves.
    private static void AllowLoopbackInDevelopment(this WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment() && !builder.Configuration.GetSection("Security:AllowedNetworks").GetChildren().Any())
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Security:AllowedNetworks:0"] = "127.0.0.0/8",
                ["Security:AllowedNetworks:1"] = "::1/128",
            });
        }
    }

    private static void TrustProxies(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var text in builder.Configuration.GetSection("Security:TrustedProxies").Get<string[]>() ?? [])
            {
                if (SecurityOptions.ParseNetwork(text) is { } network)
                {
                    options.KnownIPNetworks.Add(network);
                }
            }

            if (options.KnownIPNetworks.Count == 0)
            {
                // With both lists empty every sender would be believed.
                options.KnownProxies.Add(IPAddress.None);
            }
        });
    }
}

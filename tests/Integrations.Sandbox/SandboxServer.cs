using System.Net;
using Microsoft.AspNetCore.Routing.Constraints;

namespace Integrations.Sandbox;

internal static class SandboxServer
{
    public static WebApplication Build(SandboxOptions options)
    {
        // The empty builder reads no settings files and no environment, so that the hub's own never reach its counterpart.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (options.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate);
                }
            });
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            // A body of one byte a second is one of the answers.
            kestrel.Limits.MinResponseDataRate = null;
        });
        // Routing without the rest knows no regular expressions in its patterns.
        builder.Services.AddRoutingCore().Configure<RouteOptions>(routes => routes.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder.Build();
    }
}

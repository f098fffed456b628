using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Storage.KeyRing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Integrations.Web.Hosting;

/// <summary>What happens between building the hub and running it: every fault of the configuration is told, the database is made ready, setup is offered.</summary>
internal static class HubStart
{
    /// <returns>False when the hub cannot start; the faults are on the error output.</returns>
    public static async Task<bool> PrepareAsync(this WebApplication app)
    {
        if (!await TryAsync(app, PrepareStorageAsync))
        {
            return false;
        }

        return await TryAsync(app, async services =>
        {
            if (app.Environment.IsDevelopment())
            {
                HostingLog.LoopbackAllowed(app.Logger);
            }

            var url = services.GetRequiredService<PublicUrl>().Value;
            await services.GetRequiredService<SetupService>().PrepareAsync($"{url}/setup", CancellationToken.None);
        });
    }

    /// <summary>Serves until the hub is told to stop.</summary>
    /// <returns>False when it could not begin to listen.</returns>
    public static Task<bool> ServeAsync(this WebApplication app) => TryAsync(app, _ => app.RunAsync());

    /// <summary>Runs a step and tells its operator-mendable faults on the error output.</summary>
    /// <param name="refusedPrefix">Stands before what a service refused, to say where it came from.</param>
    public static async Task<bool> TryAsync(WebApplication app, Func<IServiceProvider, Task> step, string heading = "Integrations cannot start:", string refusedPrefix = "Setup: ")
    {
        try
        {
            await step(app.Services);
            return true;
        }
        catch (Exception exception) when (Faults(exception, refusedPrefix) is { } faults)
        {
            await Console.Error.WriteLineAsync(heading);
            foreach (var fault in faults)
            {
                await Console.Error.WriteLineAsync($"  - {fault}");
            }

            return false;
        }
    }

    public static async Task PrepareStorageAsync(IServiceProvider services)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        // Held until the container is disposed of.
        _ = services.GetRequiredService<SingleProcessLock>();
        await services.PrepareStorageAsync();
    }

    private static IEnumerable<string>? Faults(Exception exception, string refusedPrefix) => exception switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures),
        StartupException startup => [startup.Message],
        Refusal refusal => refusal.Faults.Select(fault => refusedPrefix + fault.Message),
        NpgsqlException postgres => [$"PostgreSQL (ConnectionStrings:Integrations) cannot be used: {postgres.Message}"],
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => [$"{taken.Message} Set ASPNETCORE_URLS or --urls to a free address."],
        _ => null,
    };
}

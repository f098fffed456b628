using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.Extensions.Options;

namespace Integrations.Web.Hosting;

/// <summary>The commands of the binary beside serving: <c>healthcheck</c> and <c>admin create</c>.</summary>
internal static class CommandLine
{
    private const string Usage =
        """
        Usage: admin create --email ADDRESS --password PASSWORD|- [--role owner|admin|viewer] [--organization SLUG]
          Adds a member to an organization. With - the password is read from standard input, where neither history nor process lists keep it. Without --organization there must be exactly one. Runs beside a running hub too.
        """;

    public static bool IsHealthCheck(string[] args) => args is ["healthcheck", ..];

    public static bool IsAdmin(string[] args) => args is ["admin", ..];

    /// <summary>Asks the hub in this container whether it is ready.</summary>
    /// <returns>0 when it is.</returns>
    public static async Task<int> CheckHealthAsync()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").Build();
        var port = configuration["HTTP_PORTS"]?.Split(';')[0] ?? new Uri(configuration["URLS"]?.Split(';')[0].Replace("+", "localhost").Replace("*", "localhost") ?? "http://localhost:5000").Port.ToString();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException)
        {
            return 1;
        }
        catch (TaskCanceledException)
        {
            return 1;
        }
    }

    public static async Task<int> RunAdminAsync(WebApplication app, string[] args)
    {
        var options = Parse(args);
        if (args is not ["admin", "create", ..] || options is null || !options.TryGetValue("email", out var email) || !options.TryGetValue("password", out var password)
            || !Enum.TryParse<Role>(options.GetValueOrDefault("role", nameof(Role.Viewer)), ignoreCase: true, out var role))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var added = false;
        var ok = await HubStart.TryAsync(app, async services =>
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            await services.PrepareStorageAsync();
            var organization = await services.GetRequiredService<OrganizationQueries>().FindForCommandAsync(options.GetValueOrDefault("organization"), CancellationToken.None);
            await services.GetRequiredService<MemberService>()
                .AddAsync(Actor.System("command line", organization.Id), email, password == "-" ? await Console.In.ReadLineAsync() : password, role, CancellationToken.None);
            await Console.Out.WriteLineAsync($"{email} is now {role} of {organization.Name}.");
            added = true;
        }, "The member was not added:", "");
        return ok && added ? 0 : 1;
    }

    private static Dictionary<string, string>? Parse(string[] args)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        for (var i = 2; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 >= args.Length)
            {
                return null;
            }

            options[args[i][2..]] = args[i + 1];
        }

        return options;
    }
}

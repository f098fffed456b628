using Integrations.Sandbox.Demo;

namespace Integrations.Sandbox;

/// <summary>Named, so that a test project that also references the hub knows its <c>Program</c> from this one.</summary>
public static class SandboxProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (SandboxArguments.Read(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(SandboxArguments.Usage);
            return 2;
        }

        options = options with { Report = violation => Console.Error.WriteLine($"VIOLATION {violation}") };
        if (args.Length == 0)
        {
            return await DemoProgram.RunAsync(options);
        }

        await using var host = await SandboxHost.StartAsync(options);

        // Whoever started this process reads the address from this line.
        await Console.Out.WriteLineAsync($"LISTENING {host.Address.GetLeftPart(UriPartial.Authority)}");
        await Console.Out.FlushAsync();
        await host.WaitForShutdownAsync();
        return 0;
    }
}

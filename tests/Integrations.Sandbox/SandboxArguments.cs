using System.Globalization;

namespace Integrations.Sandbox;

internal static class SandboxArguments
{
    public const string Usage =
        "Usage: Integrations.Sandbox [--port <number>] [--count-only]\nWithout arguments: the demo, a hub together with the sandbox that it takes for its providers.";

    /// <summary>Null when an argument is not understood.</summary>
    public static SandboxOptions? Read(string[] args)
    {
        var options = new SandboxOptions();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--count-only":
                    options = options with { CountOnly = true };
                    break;
                case "--port" when i + 1 < args.Length && ushort.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var port):
                    options = options with { Port = port };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}

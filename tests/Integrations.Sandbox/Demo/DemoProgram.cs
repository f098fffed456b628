using System.Net;
using System.Net.Sockets;

namespace Integrations.Sandbox.Demo;

/// <summary>The sandbox and a hub that takes it for the providers, together.</summary>
internal static class DemoProgram
{
    private const int HubPort = 5000;
    private const int SandboxPort = 5001;

    public static async Task<int> RunAsync(SandboxOptions options)
    {
        DemoPaths paths;
        try
        {
            paths = DemoPaths.Find();
        }
        catch (FileNotFoundException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(paths.Data)!);
        await using var single = TryLock(paths.Data + ".lock");
        if (single is null)
        {
            await Console.Error.WriteLineAsync("A demo is running already.");
            return 1;
        }

        // The sandbox forgets its grants when it ends, so a hub that remembered them would find every connection broken.
        if (Directory.Exists(paths.Data))
        {
            Directory.Delete(paths.Data, recursive: true);
        }

        Directory.CreateDirectory(paths.Data);
        await using var sandbox = await SandboxHost.StartAsync(options with { Port = PortOr(SandboxPort) });
        var address = new Uri($"http://localhost:{PortOr(HubPort)}");
        var log = Path.Combine(paths.Data, "hub.log");
        await using var hub = DemoHub.Start(paths.Hub, DemoSettings.Of(address, paths.Data, sandbox.HubSettings), log);
        if (!await hub.WaitUntilListeningAsync())
        {
            await Console.Error.WriteLineAsync($"The hub did not start; {log} tells why:\n{await File.ReadAllTextAsync(log)}");
            return 1;
        }

        await Console.Out.WriteLineAsync(DemoSettings.Announcement(address, sandbox.Address));
        await Console.Out.FlushAsync();
        await Task.WhenAny(sandbox.WaitForShutdownAsync(), hub.WaitForExitAsync());
        return 0;
    }

    /// <summary>The wanted port, or a free one when somebody has it.</summary>
    private static int PortOr(int wanted)
    {
        foreach (var port in (int[])[wanted, 0])
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException) when (port != 0)
            {
                // Taken.
            }
        }

        return wanted;
    }

    private static FileStream? TryLock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

namespace Integrations.Sandbox.Demo;

/// <summary>Where the hub's binaries and the demo's data lie, seen from this program's own folder.</summary>
internal sealed record DemoPaths(string Hub, string Data)
{
    /// <exception cref="FileNotFoundException">The hub is not built beside the sandbox.</exception>
    public static DemoPaths Find()
    {
        // …/tests/Integrations.Sandbox/bin/{configuration}/{framework}: the hub's folder has the same end.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        for (var folder = own; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Integrations.sln")))
            {
                var hub = Path.Combine(folder.FullName, "Integrations.Web", "bin", own.Parent!.Name, own.Name, "Integrations.Web.dll");
                return File.Exists(hub) ? new DemoPaths(hub, Path.Combine(folder.FullName, "data", "demo")) : throw new FileNotFoundException("The hub is not built.", hub);
            }
        }

        throw new FileNotFoundException("The demo runs from the repository only. With --port the sandbox runs alone.");
    }
}

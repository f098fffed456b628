using System.Diagnostics;
using System.Globalization;

namespace Integrations.Testing;

/// <summary>The servers' folders, named after the process that owns them, and their removal.</summary>
internal static class PostgresFolders
{
    private const string Prefix = "integrations-pg-";

    // Its input ends when the tests' process ends, even by a kill; Ctrl+C reaches it too and must not end it before its work.
    private const string KeeperScript = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        cat
        folder=$1
        shift
        "$@"
        rm -rf -- "$folder"
        """;

    public static async Task<string> CreateAsync(UnprivilegedUser user, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")).FullName;
        if (user.Owner is { } owner)
        {
            await Command.RunAsync("chown", [owner, folder], folder, cancellationToken);
        }

        return folder;
    }

    public static Process StartKeeper(string folder, string[] stop) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", KeeperScript, "keeper", folder, .. stop])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;

    /// <summary>A kill of the whole process group leaves its folder, and perhaps its server: those of processes that are gone are removed.</summary>
    public static async Task RemoveAbandonedAsync(string binaries, UnprivilegedUser user, CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*").Where(IsAbandoned))
        {
            var data = Path.Combine(folder, "data");
            try
            {
                if (File.Exists(Path.Combine(data, "postmaster.pid")))
                {
                    string[] stop = [.. user.Prefix, Path.Combine(binaries, "pg_ctl"), "stop", "-w", "-s", "-D", data, "-m", "immediate"];
                    await Command.RunAsync(stop[0], stop[1..], Path.GetTempPath(), cancellationToken);
                }
            }
            catch (InvalidOperationException)
            {
                // Its server ended too; the file is all that was left.
            }

            TryDelete(folder);
        }
    }

    private static bool IsAbandoned(string folder)
    {
        var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
        if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its own keeper, or another test process, is removing it at this moment; or it is another user's.
        }
    }
}

namespace Integrations.Web.Hosting;

/// <summary>Where data lies when <c>Data:Directory</c> is not set: <c>data</c> beside the solution, else in the working directory; never among the binaries.</summary>
internal static class DataDirectory
{
    public static string Default()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Integrations.sln")))
            {
                return Path.Combine(folder.FullName, "data");
            }
        }

        return Path.Combine(Directory.GetCurrentDirectory(), "data");
    }
}

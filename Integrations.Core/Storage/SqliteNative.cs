using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Integrations.Core.Storage;

/// <summary>
/// Makes the SQLite packages that can be restored work with this EF Core. EF Core is compiled against SQLitePCLRaw 2.1; its 2.0.6 serves every call,
/// but the runtime refuses to bind a lower version by itself. And the native library inside the package is old: the operating system's is preferred,
/// which the distribution patches. All of this goes when SQLitePCLRaw 2.1 can be restored.
/// </summary>
internal static class SqliteNative
{
    /// <summary>Its name in the package; what is loaded is the operating system's, where there is one.</summary>
    internal const string Library = "e_sqlite3";

    [ModuleInitializer]
    internal static void Initialize()
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name.Name?.StartsWith("SQLitePCLRaw", StringComparison.Ordinal) == true && name.Version is not null
                ? context.LoadFromAssemblyName(new AssemblyName(name.Name))
                : null;
        SetUp();
    }

    // Its own method: naming a type of the package loads it, and that must come after the handler above.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetUp()
    {
        // The package's calls and our own must meet in one library.
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(SqliteNative).Assembly, Resolve);
        SQLitePCL.Batteries_V2.Init();
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library && OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libsqlite3.so.0", out var handle) ? handle : IntPtr.Zero;
}

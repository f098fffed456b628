using Integrations.Core.Storage.KeyRing;

namespace Integrations.Core.Storage;

/// <summary>On SQLite one hub serves a data directory: two would send every webhook twice. The lock ends with the process.</summary>
public sealed class SingleProcessLock : IDisposable
{
    // What a lock that somebody else holds is called on Windows and on Linux.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlock = 11;

    private readonly FileStream? _file;

    private SingleProcessLock(FileStream? file) => _file = file;

    /// <exception cref="StartupException">Another hub holds the directory.</exception>
    public static SingleProcessLock Take(Database database)
    {
        if (database.Provider != DatabaseProvider.Sqlite)
        {
            return new SingleProcessLock(null);
        }

        try
        {
            Directory.CreateDirectory(database.Directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {database.Directory} cannot be made: {exception.Message} Set Data:Directory to another folder.");
        }

        try
        {
            return new SingleProcessLock(new FileStream(Path.Combine(database.Directory, "hub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {database.Directory} is not writable for this user. Change its owner, or set Data:Directory to another one.");
        }
        catch (IOException exception) when (exception.HResult is not (SharingViolation or WouldBlock))
        {
            throw new StartupException($"The data directory {database.Directory} cannot be used: {exception.Message} Set Data:Directory to another folder.");
        }
        catch (IOException)
        {
            throw new StartupException(
                $"Another hub already runs on {database.Directory}. Stop it, or set Data:Directory to another folder; several nodes need Database:Provider=Postgres.");
        }
    }

    public void Dispose() => _file?.Dispose();
}

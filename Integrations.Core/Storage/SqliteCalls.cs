using System.Runtime.InteropServices;

namespace Integrations.Core.Storage;

/// <summary>
/// The calls of SQLite that are made for each value of each row. The package takes its handle and gives it back around each of them, and copies each value twice; on the hot
/// tables that cost more than SQLite itself. Those that are over at once are called without telling the garbage collector.
/// </summary>
internal static partial class SqliteCalls
{
    // The memory of a bound value stays as it is until the statement has run; or SQLite makes a copy of it.
    private const nint Static = 0;
    private const nint Transient = -1;

    /// <param name="utf8">Stays where and as it is until the statement has run.</param>
    public static int BindText(nint statement, int place, in byte utf8, int length) => BindText(statement, place, in utf8, length, Static);

    /// <param name="utf8">SQLite copies it.</param>
    public static int BindCopyOfText(nint statement, int place, in byte utf8, int length) => BindCopyOfText(statement, place, in utf8, length, Transient);

    /// <param name="bytes">Stay where and as they are until the statement has run.</param>
    public static int BindBlob(nint statement, int place, in byte bytes, int length) => BindBlob(statement, place, in bytes, length, Static);

    /// <param name="bytes">SQLite copies them.</param>
    public static int BindCopyOfBlob(nint statement, int place, in byte bytes, int length) => BindCopyOfBlob(statement, place, in bytes, length, Transient);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindInt64(nint statement, int place, long value);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static partial int BindNull(nint statement, int place);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_text")]
    [SuppressGCTransition]
    private static partial int BindText(nint statement, int place, in byte utf8, int length, nint memory);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_blob")]
    [SuppressGCTransition]
    private static partial int BindBlob(nint statement, int place, in byte bytes, int length, nint memory);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_text")]
    private static partial int BindCopyOfText(nint statement, int place, in byte utf8, int length, nint memory);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_blob")]
    private static partial int BindCopyOfBlob(nint statement, int place, in byte bytes, int length, nint memory);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_zeroblob")]
    [SuppressGCTransition]
    public static partial int BindZeroBlob(nint statement, int place, int length);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_changes")]
    [SuppressGCTransition]
    public static partial int Changes(nint database);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    public static partial nint ColumnBlob(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_text")]
    [SuppressGCTransition]
    public static partial nint ColumnText(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    public static partial int ColumnBytes(nint statement, int column);
}

using System.Runtime.InteropServices;

namespace Integrations.Core.Storage;

/// <summary>
/// The calls of SQLite that are made for each value of each row. The package takes its handle and gives it back around each of them, and copies each value twice; on the hot
/// tables that cost more than SQLite itself. Those that never wait are called without telling the garbage collector.
/// </summary>
internal static partial class SqliteCalls
{
    /// <summary>The memory of a bound value stays as it is until the statement has run.</summary>
    public const nint Static = 0;

    /// <summary>SQLite makes a copy of a bound value.</summary>
    public const nint Transient = -1;

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindInt64(nint statement, int place, long value);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static partial int BindNull(nint statement, int place);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_text")]
    [SuppressGCTransition]
    public static partial int BindText(nint statement, int place, in byte utf8, int length, nint memory);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_blob")]
    [SuppressGCTransition]
    public static partial int BindBlob(nint statement, int place, in byte bytes, int length, nint memory);

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

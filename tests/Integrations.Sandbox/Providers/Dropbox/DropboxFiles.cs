using System.Globalization;
using System.Security.Cryptography;

namespace Integrations.Sandbox.Providers.Dropbox;

internal sealed record DropboxFile(string Id, string Path, bool IsFolder, long Size, string Rev, string Hash, DateTimeOffset Modified)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public Dictionary<string, object> View(bool tagged = true)
    {
        Dictionary<string, object> view = new(StringComparer.Ordinal);
        if (tagged)
        {
            view[".tag"] = IsFolder ? "folder" : "file";
        }

        (view["name"], view["path_lower"], view["path_display"], view["id"]) = (Name, Path.ToLowerInvariant(), Path, Id);
        if (!IsFolder)
        {
            var time = Modified.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            (view["client_modified"], view["server_modified"], view["rev"], view["size"], view["is_downloadable"], view["content_hash"]) = (time, time, Rev, Size, true, Hash);
        }

        return view;
    }
}

/// <summary>The files and folders of each account.</summary>
internal sealed class DropboxFiles
{
    private static readonly string[] _folders = ["/Apps", "/Contracts", "/Exports", "/Invoices", "/Invoices/2025", "/Invoices/2026", "/Marketing", "/Reports"];

    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<DropboxFile>> _files = [];
    private int _revision;

    /// <summary>Null when there is no such folder.</summary>
    public (IEnumerable<object> Entries, string Cursor, bool HasMore)? List(SandboxAccount account, string path, bool isRecursive, int limit)
    {
        lock (_gate)
        {
            var files = Of(account);
            if (path.StartsWith("id:", StringComparison.Ordinal))
            {
                path = files.Find(file => file.Id == path && file.IsFolder)?.Path ?? "?";
            }

            var folder = path.Length == 0 ? "" : files.Find(file => file.IsFolder && file.Path.Equals(path, StringComparison.OrdinalIgnoreCase))?.Path;
            return folder is null ? null : Page(account, folder, isRecursive, limit, 0);
        }
    }

    /// <summary>Null when the cursor is none of ours.</summary>
    public (IEnumerable<object> Entries, string Cursor, bool HasMore)? Continue(SandboxAccount account, string cursor)
    {
        var parts = cursor.Split('|');
        lock (_gate)
        {
            return parts.Length == 5 && parts[0] == "AAE" && int.TryParse(parts[2], CultureInfo.InvariantCulture, out var limit) && int.TryParse(parts[3], CultureInfo.InvariantCulture, out var start)
                ? Page(account, parts[4], parts[1] == "r", limit, start)
                : null;
        }
    }

    /// <summary>Null when another file is there and neither overwriting nor renaming was asked for.</summary>
    public DropboxFile? Upload(SandboxAccount account, string path, byte[] content, bool overwrites, bool renames, DateTimeOffset now)
    {
        lock (_gate)
        {
            var files = Of(account);
            var old = files.FindIndex(file => file.Path.Equals(path, StringComparison.OrdinalIgnoreCase));
            var hash = Hash(content);
            if (old >= 0 && !files[old].IsFolder && (overwrites || files[old].Hash == hash))
            {
                return files[old] = files[old] with { Size = content.Length, Rev = NextRev(), Hash = hash, Modified = now };
            }

            if (old >= 0 && !renames)
            {
                return null;
            }

            var dot = path.LastIndexOf('.');
            var (stem, extension) = dot > path.LastIndexOf('/') ? (path[..dot], path[dot..]) : (path, "");
            for (var i = 1; old >= 0 && files.Exists(file => file.Path.Equals(path, StringComparison.OrdinalIgnoreCase)); i++)
            {
                path = string.Create(CultureInfo.InvariantCulture, $"{stem} ({i}){extension}");
            }

            var made = new DropboxFile(Id(account, path), path, false, content.Length, NextRev(), hash, now);
            files.Add(made);
            return made;
        }
    }

    private (IEnumerable<object> Entries, string Cursor, bool HasMore) Page(SandboxAccount account, string folder, bool isRecursive, int limit, int start)
    {
        var all = Of(account)
            .Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal) && (isRecursive || file.Path.LastIndexOf('/') == folder.Length))
            .ToList();
        var entries = all.Skip(start).Take(limit).Select(object (file) => file.View()).ToList();
        var next = start + entries.Count;
        return (entries, string.Create(CultureInfo.InvariantCulture, $"AAE|{(isRecursive ? "r" : "f")}|{limit}|{next}|{folder}"), next < all.Count);
    }

    private List<DropboxFile> Of(SandboxAccount account)
    {
        if (!_files.TryGetValue(account.Number, out var files))
        {
            var made = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
            _files.Add(account.Number, files = [.. _folders.Select(path => new DropboxFile(Id(account, path), path, true, 0, "", "", made))]);
        }

        return files;
    }

    private string NextRev() => "0" + Mint.Hex(23, "dropbox", "rev", ++_revision);

    private static string Id(SandboxAccount account, string path) => "id:" + Mint.Letters(22, "dropbox", account.Number, path);

    // Of one block; real files of more than 4 MiB are hashed block by block first.
    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(SHA256.HashData(content)));
}

using System.Text;
using Integrations.Core.Storage;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Hosting;

/// <summary>Looks for secrets where they must not be.</summary>
internal static class SecretAssert
{
    /// <param name="where">What the text is, for the message.</param>
    public static void IsClean(IReadOnlyList<string> secrets, string text, string where) =>
        Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{secret} stands in {where}: {Around(text, secret)}"));

    /// <summary>No file of a folder holds one.</summary>
    public static async Task FilesAreCleanAsync(string directory, IReadOnlyList<string> secrets)
    {
        foreach (var path in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            IsClean(secrets, Encoding.Latin1.GetString(await ReadAsync(path)), Path.GetFileName(path));
        }
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            // SQLite takes its helper files away when the last connection closes.
            return [];
        }
    }

    /// <summary>No row of a hub on PostgreSQL holds one.</summary>
    public static async Task RowsAreCleanAsync(HubApp hub, IReadOnlyList<string> secrets)
    {
        await using var db = hub.OpenDatabase();
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct(StringComparer.Ordinal))
        {
            // Bytes as hex, so both writings are looked for.
            await using var command = hub.Services.GetRequiredService<Database>().Postgres!.CreateCommand($"""SELECT string_agg(CAST(t AS text), ' ') FROM "{table}" t""");
            IsClean([.. secrets, .. secrets.Select(secret => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)))], $"{await command.ExecuteScalarAsync()}", table);
        }
    }

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : string.Concat(text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)].Select(character => char.IsControl(character) ? '.' : character));
    }
}

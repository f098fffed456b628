using System.Text;
using System.Text.Json.Nodes;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>Storage providers get record types as files: one file each, over the one before, only when something changed.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData("google-drive", "folderId", "name")]
    [InlineData("dropbox", "folder", "path")]
    public async Task An_export_goes_over_the_one_before(string key, string folder, string name)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        var choices = await world.Hub.Get<ConnectionService>().ListChoicesAsync(world.Actor, world.Connection, folder, CancellationToken.None);
        await world.ChooseAsync(folder, choices[^1].Value);
        var id = (await world.AddAsync("contacts", [new JsonObject { ["name"] = "Ada Lovelace", ["email"] = "ada@example.com" }]))[0];

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");
        var first = Assert.Single(world.Provider.Sent);
        await world.ChangeAsync("contacts", id, new JsonObject { ["name"] = "Ada King" });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");

        var second = world.Provider.Sent[^1];
        Assert.Equal(2, world.Provider.Sent.Count);
        Assert.EndsWith("contacts.csv", first.Values[name], StringComparison.Ordinal);
        Assert.Equal((first.Values["id"], first.Values[name]), (second.Values["id"], second.Values[name]));
        Assert.Contains("Ada King", Encoding.UTF8.GetString(second.Content.Span), StringComparison.Ordinal);
        Assert.Equal(choices[^1].Value, key == "dropbox" ? first.Values["path"][..first.Values["path"].LastIndexOf('/')] : first.Values["parent"]);
    }

    [Theory]
    [InlineData("google-drive")]
    [InlineData("dropbox")]
    public async Task A_large_file_goes_in_parts(string key)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        var session = await world.Hub.Get<ProviderGateway>().OpenAsync(world.Actor, world.Connection, null, CancellationToken.None);
        foreach (var seed in (int[])[1, 2])
        {
            var bytes = new byte[(17 * 1024 * 1024) + 333];
            new Random(seed).NextBytes(bytes);

            await session.Connector.ExportAsync(session, new ExportFile("contacts", "contacts.csv", () => new MemoryStream(bytes, writable: false), bytes.Length), CancellationToken.None);

            Assert.True(world.Provider.Sent[^1].Content.Span.SequenceEqual(bytes));
        }

        Assert.Single(world.Provider.Sent.Select(sent => sent.Values["id"]).Distinct(StringComparer.Ordinal));
        Assert.Empty(world.Provider.Violations);
    }
}

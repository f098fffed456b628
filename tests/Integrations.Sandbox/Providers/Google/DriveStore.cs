using System.Globalization;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>The files and folders of each account.</summary>
internal sealed class DriveStore
{
    private static readonly string[] _folders = ["Contracts", "Exports", "Invoices", "Marketing", "Reports", "Suppliers"];

    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<DriveItem>> _items = [];
    private int _added;

    /// <summary>With drive.file alone an app sees only what it made itself.</summary>
    public IReadOnlyList<DriveItem> Visible(AccessToken token)
    {
        var seesAll = token.Grant.IsKey || token.Grant.Scopes.Any(scope => scope is GoogleScopes.Drive or GoogleScopes.DriveReadonly or GoogleScopes.DriveMetadata);
        lock (_gate)
        {
            return [.. Of(token.Grant.Account).Where(item => seesAll || item.IsOfApp)];
        }
    }

    public bool Has(AccessToken token, string folder) => folder == "root" || folder == Root(token.Grant.Account) || Visible(token).Any(item => item.Id == folder);

    public DriveItem Add(SandboxAccount account, DriveUpload upload, DateTimeOffset now)
    {
        lock (_gate)
        {
            var parent = upload.Parents.FirstOrDefault("root");
            var item = new DriveItem(
                Mint.Letters(33, "drive", account.Number, ++_added), upload.Name, upload.MimeType, parent == "root" ? Root(account) : parent, now, upload.Content.Length, true, upload.Content);
            Of(account).Add(item);
            return item;
        }
    }

    public void Replace(SandboxAccount account, DriveItem item)
    {
        lock (_gate)
        {
            var items = Of(account);
            items[items.FindIndex(old => old.Id == item.Id)] = item;
        }
    }

    private static string Root(SandboxAccount account) => "0A" + account.Letters("root", 17);

    private List<DriveItem> Of(SandboxAccount account)
    {
        if (!_items.TryGetValue(account.Number, out var items))
        {
            var made = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
            _items.Add(account.Number, items = [.. _folders.Select(name => new DriveItem(Id(account, name), name, DriveItem.Folder, Root(account), made, 0, false, []))]);
            items.AddRange(Enumerable.Range(1, 12).Select(month =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"2026-{month:00}");
                return new DriveItem(Id(account, name), name, DriveItem.Folder, Id(account, "Invoices"), made, 0, false, []);
            }));
            items.Add(new DriveItem(Id(account, "price list"), "Price list.pdf", "application/pdf", Root(account), made, 48_213, false, []));
        }

        return items;
    }

    private static string Id(SandboxAccount account, string name) => "1" + Mint.Letters(32, "drive", account.Number, name);
}

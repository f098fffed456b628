using System.Globalization;

namespace Integrations.Sandbox.Providers.Google;

internal sealed record DriveItem(string Id, string Name, string MimeType, string Parent, DateTimeOffset Modified, long Size, bool IsOfApp, byte[] Content)
{
    public const string Folder = "application/vnd.google-apps.folder";
    public const string DefaultFields = "kind,id,name,mimeType";

    public Dictionary<string, object> View()
    {
        Dictionary<string, object> view = new(StringComparer.Ordinal)
        {
            ["kind"] = "drive#file",
            ["id"] = Id,
            ["name"] = Name,
            ["mimeType"] = MimeType,
            ["parents"] = new[] { Parent },
            ["trashed"] = false,
            ["modifiedTime"] = Modified.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["webViewLink"] = MimeType == Folder ? $"https://drive.google.com/drive/folders/{Id}" : $"https://drive.google.com/file/d/{Id}/view",
        };
        if (MimeType != Folder)
        {
            // 64-bit numbers are texts in Google's JSON.
            view["size"] = Size.ToString(CultureInfo.InvariantCulture);
        }

        return view;
    }

    public Dictionary<string, string> Facts() => new(StringComparer.Ordinal) { ["id"] = Id, ["name"] = Name, ["mimeType"] = MimeType, ["parent"] = Parent };
}

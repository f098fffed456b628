namespace Integrations.Sandbox.Providers.Google;

internal static class GoogleScopes
{
    private const string Root = "https://www.googleapis.com/auth/";

    public const string Email = Root + "userinfo.email";
    public const string Profile = Root + "userinfo.profile";

    public const string Mail = "https://mail.google.com/";
    public const string GmailSend = Root + "gmail.send";
    public const string GmailCompose = Root + "gmail.compose";
    public const string GmailReadonly = Root + "gmail.readonly";
    public const string GmailModify = Root + "gmail.modify";
    public const string GmailMetadata = Root + "gmail.metadata";
    public const string GmailLabels = Root + "gmail.labels";

    public const string Drive = Root + "drive";
    public const string DriveFile = Root + "drive.file";
    public const string DriveReadonly = Root + "drive.readonly";
    public const string DriveMetadata = Root + "drive.metadata.readonly";
}

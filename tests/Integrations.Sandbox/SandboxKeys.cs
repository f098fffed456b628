using Integrations.Sandbox.Providers;

namespace Integrations.Sandbox;

/// <summary>The keys and tokens that the sandbox's providers know, each in its provider's form. Everything else is refused as the provider refuses it.</summary>
public static class SandboxKeys
{
    public static string StripeSecret { get; } = "sk_test_" + Mint.Letters(40, "stripe", "secret key");

    public static string StripeRestricted { get; } = "rk_test_" + Mint.Letters(40, "stripe", "restricted key");

    /// <summary>Genuine, but may not read the balance: the provider answers 403, not 401.</summary>
    public static string StripeRestrictedWithoutBalance { get; } = "rk_test_" + Mint.Letters(40, "stripe", "narrow key");

    public static string SlackBot { get; } = $"xoxb-{Mint.Digits(12, "slack", "team")}-{Mint.Digits(12, "slack", "bot")}-{Mint.Letters(24, "slack", "bot token")}";

    public static string MailchimpDataCentre => "us6";

    public static string Mailchimp { get; } = $"{Mint.Hex(32, "mailchimp", "key")}-{MailchimpDataCentre}";

    public static string SendGrid { get; } = $"SG.{Mint.Letters(22, "sendgrid", "id")}.{Mint.Letters(43, "sendgrid", "secret")}";

    /// <summary>Genuine, but may only send mail: everything else is 403.</summary>
    public static string SendGridMailOnly { get; } = $"SG.{Mint.Letters(22, "sendgrid", "mail id")}.{Mint.Letters(43, "sendgrid", "mail secret")}";

    public static string HubSpotPrivateApp { get; } = "pat-na1-" + Mint.Guid("hubspot", "private app");

    public static string SqlAccountingAccessKey { get; } = $"{Mint.Hex(32, "sql-accounting", "access")}.sql.my/ADMIN";

    public static string SqlAccountingSecretKey { get; } = Mint.Hex(64, "sql-accounting", "secret");

    public static string AutoCountKeyId { get; } = Mint.Guid("autocount", "key id");

    public static string AutoCountApiKey { get; } = Mint.Guid("autocount", "api key");

    public static string AutoCountBook => "10452";

    public static string SalesforceToken { get; } = $"00D{Mint.Letters(12, "salesforce", "organization")}!{Mint.Letters(96, "salesforce", "pasted")}";

    public static string ZohoToken { get; } = $"1000.{Mint.Hex(32, "zoho", "pasted 1")}.{Mint.Hex(32, "zoho", "pasted 2")}";

    public static string GoogleDriveToken { get; } = "ya29." + Mint.Letters(160, "google-drive", "pasted");

    public static string DropboxToken { get; } = "sl.u." + Mint.Letters(140, "dropbox", "pasted");

    /// <summary>Of a system user: it does not expire.</summary>
    public static string FacebookToken { get; } = "EAA" + Mint.Letters(160, "facebook", "pasted");
}

using System.Buffers.Text;

namespace Integrations.Core.Providers.Connectors;

public sealed class GmailConnector : GoogleConnector
{
    private const string EmailFact = "email";
    private const string UserInfo = "userinfo";

    public override ConnectorInfo Info { get; } = new(
        "gmail", "Gmail", ProviderCategory.Communication, "E-mail from a Google account.", ["Send e-mail", "Notifications"], "https://developers.google.com/workspace/gmail/api/reference/rest",
        new ProviderTile("Gm", "#b3261e"));

    public override ConnectorHelp Help { get; } = new(
        StepsFor("Gmail API"),
        [
            "Google ends a consent with Gmail's scopes when the account's password changes, and one that was not used for six months.",
            "Reading mail is a restricted scope: Google reviews apps that ask people outside your organization for it.",
            "The path of sending, the address that tells whose account it is, and Gmail's quotas (15,000 units a minute, 100 for each message) could not be confirmed from Google's documentation.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } = [OAuthWith("openid", "email")];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("write:messages", "Send e-mail as this account", ["https://www.googleapis.com/auth/gmail.send"]),
        new("read:messages", "Read e-mail", ["https://www.googleapis.com/auth/gmail.readonly"]) { IsDefault = false },
    ];

    public override IReadOnlyList<ConnectorAction> Actions { get; } =
    [
        new("send-email", "Send an e-mail", "write:messages",
        [
            new("to", "To", ActionFieldKind.Email) { Help = "Several addresses with commas between them." },
            new("cc", "Copy to", ActionFieldKind.Email) { IsOptional = true },
            new("bcc", "Hidden copy to", ActionFieldKind.Email) { IsOptional = true },
            new("subject", "Subject") { MaxLength = 500 },
            new("text", "Message", ActionFieldKind.LongText) { MaxLength = 1_000_000 },
        ]),
    ];

    public override string ApiBaseUrl => "https://gmail.googleapis.com";

    public override IReadOnlyDictionary<string, string> NamedUrls { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { [UserInfo] = "https://openidconnect.googleapis.com/v1/userinfo" };

    // 15,000 units a minute, of which sending takes 100.
    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerMinute(150);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        // Note: who may only send may not see Gmail's own profile, but everybody may see who they are.
        var user = (await session.GetAsync(session.Urls.Named[UserInfo], cancellationToken)).Json;
        var email = user.TextAt("email") ?? "";
        return new ProviderAccount(user.TextAt("sub") ?? email, email) { Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [EmailFact] = email } };
    }

    public override async Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken)
    {
        var message = new MailText
        {
            From = session.Facts.GetValueOrDefault(EmailFact),
            To = Addresses(input, "to"),
            Cc = Addresses(input, "cc"),
            Bcc = Addresses(input, "bcc"),
            Subject = input["subject"] ?? "",
            Text = input["text"] ?? "",
        };
        var answer = await session.SendAsync(
            ProviderRequest.PostJson("/gmail/v1/users/me/messages/send", new Dictionary<string, string>(StringComparer.Ordinal) { ["raw"] = Base64Url.EncodeToString(message.ToBytes()) }), cancellationToken);
        return new ActionAnswer("The e-mail was sent.", answer.Json.TextAt("id"));
    }

    private static IReadOnlyList<string> Addresses(ActionInput input, string field)
    {
        var addresses = MailText.Split(input[field] ?? "");
        return addresses.FirstOrDefault(address => !MailText.IsAddress(address)) is { } wrong
            ? throw new ProviderFault(ProviderFaultKind.Refused, $"\"{wrong}\" is not an e-mail address.")
            : addresses;
    }
}

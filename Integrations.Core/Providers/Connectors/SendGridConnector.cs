using System.Globalization;
using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class SendGridConnector : Connector
{
    private const string ListSetting = "listId";
    private const string SenderSetting = "senderEmail";
    private const string SendEmail = "send-email";
    private const string IdPattern = "^[0-9A-Fa-f-]{36}$";
    private const string AddressPattern = @"^[^@\s,;]+@[^@\s,;]+$";

    private static readonly string[] _fileDomains = [".amazonaws.com", ".sendgrid.com", ".sendgrid.net"];

    public override ConnectorInfo Info { get; } = new(
        "sendgrid", "SendGrid", ProviderCategory.EmailMarketing, "Marketing contacts and e-mail that programs send.", ["Contacts", "Lists", "Sending"],
        "https://www.twilio.com/docs/sendgrid/api-reference", new ProviderTile("Sg", "#0b6699"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Open Settings, API Keys in SendGrid and create a key with restricted access.",
            "Give it Marketing for contacts and lists, and Mail Send if the hub should send e-mail. The key is shown once.",
            "Senders have to be verified: open Settings, Sender Authentication, and use one of those addresses as the sender.",
        ],
        [
            "SendGrid only returns the fifty newest contacts page by page; the hub reads all of them by an export, which takes a while.",
            "What is written becomes a job at SendGrid, and so does every export: the hub asks until they are done, for a minute when it writes and for a quarter of an hour when it reads.",
            "Where SendGrid keeps the files of exports (amazonaws.com, sendgrid.com or sendgrid.net), their form, their largest size and the address of the list of custom fields could not be confirmed from its documentation.",
            "Accounts of the European region have another address, https://api.eu.sendgrid.com (unverified): set Providers:sendgrid:ApiBaseUrl to it.",
            "A field that was emptied in the hub keeps its value at SendGrid, whose documentation names no way to empty it.",
            "A key is tested by reading its own scopes, which every key may do: a key with too few rights is noticed when it is used. SendGrid does not tell whose account a key opens.",
            "How many requests are left is told by X-RateLimit headers, possibly only when they are used up (unverified).",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new FieldsMethod(AuthMode.ApiKey,
        [
            new("apiKey", "API key", @"^SG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}$", "It begins with SG. and has three parts."),
            new(ListSetting, "List ID", IdPattern, "In the address of the list's page. It can be chosen later.") { IsSecret = false, IsOptional = true },
            new(SenderSetting, "Sender", AddressPattern, "A verified address. It can be given later.") { IsSecret = false, IsOptional = true },
        ]),
    ];

    // A key carries its own rights.
    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        new("read:contacts", "Read marketing contacts", []),
        new("write:contacts", "Add and change marketing contacts", []),
        new("write:messages", "Send e-mail", []),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => SendGridData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
    [
        new(ListSetting, "List", "The list to which the hub adds contacts.") { HasChoices = true, Pattern = IdPattern },
        new(SenderSetting, "Sender", "The verified address from which e-mail is sent when none is given.") { Pattern = AddressPattern },
    ];

    public override IReadOnlyList<ConnectorAction> Actions { get; } =
    [
        new(SendEmail, "Send an e-mail", "write:messages",
        [
            new("to", "To", ActionFieldKind.Email) { Help = "Several addresses with commas between them." },
            new("cc", "Copy to", ActionFieldKind.Email) { IsOptional = true },
            new("bcc", "Hidden copy to", ActionFieldKind.Email) { IsOptional = true },
            new("subject", "Subject") { MaxLength = 500 },
            new("text", "Message", ActionFieldKind.LongText) { MaxLength = 1_000_000 },
            new("from", "From") { IsOptional = true, Help = "A verified address; the connection's sender when left empty.", MaxLength = 254 },
        ]),
    ];

    public override string ApiBaseUrl => "https://api.sendgrid.com";

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        await session.GetAsync("/v3/scopes", cancellationToken);
        return new ProviderAccount("", "SendGrid account");
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => SendGridData.ReadAsync(session, request, cancellationToken);

    public override Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        SendGridData.WriteAsync(session, session.Setting(ListSetting), request, cancellationToken);

    // Files of exports and of what was refused lie elsewhere, at addresses that carry their own right.
    public override string? WhyNotHost(Uri url) =>
        url is { Scheme: "https", IsDefaultPort: true, UserInfo: "" } && _fileDomains.Any(domain => url.IdnHost.EndsWith(domain, StringComparison.OrdinalIgnoreCase)) ? null : base.WhyNotHost(url);

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken) =>
        request.RequestUri!.AbsoluteUri.StartsWith($"{session.Urls.ApiBase}/v3/", StringComparison.OrdinalIgnoreCase) ? base.AuthorizeAsync(request, session, cancellationToken) : ValueTask.CompletedTask;

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken)
    {
        if (name != ListSetting)
        {
            return [];
        }

        var lists = (await session.GetAsync("/v3/marketing/lists?page_size=1000", cancellationToken)).Json;
        return [.. lists.ItemsAt("result").Where(list => list.TextAt("id") is not null).Select(list => new SettingChoice(list.TextAt("id")!, list.TextAt("name") ?? list.TextAt("id")!))];
    }

    public override async Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken)
    {
        if (action != SendEmail)
        {
            return await base.RunActionAsync(session, action, input, cancellationToken);
        }

        var from = input["from"] ?? session.Setting(SenderSetting)
            ?? throw new ProviderFault(ProviderFaultKind.Refused, "SendGrid needs a verified sender: give one, or set the connection's sender.");
        Dictionary<string, object> person = new(StringComparer.Ordinal);
        foreach (var field in (string[])["to", "cc", "bcc"])
        {
            // Note: an empty list is refused.
            if (Addresses(input[field]) is { Count: > 0 } addresses)
            {
                person[field] = addresses;
            }
        }

        var answer = await session.SendAsync(
            ProviderRequest.PostJson("/v3/mail/send", new
            {
                personalizations = new[] { person },
                from = Addresses(from) is [var sender] ? sender : throw new ProviderFault(ProviderFaultKind.Refused, "SendGrid takes one sender."),
                subject = input["subject"],
                content = new[] { new { type = "text/plain", value = input["text"] } },
            }),
            cancellationToken);
        return new ActionAnswer("The e-mail was handed to SendGrid.", answer.Header("X-Message-Id"));
    }

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        var fault = base.ReadFault(answer);
        // Note: when to come back is told as a moment, not as a wait.
        return fault is { Kind: ProviderFaultKind.RateLimited, RetryAfter: null } && WaitUntilReset(answer) is { } wait
            ? new ProviderFault(fault.Kind, fault.Message, fault.Status, wait)
            : fault;
    }

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer)
    {
        if (long.TryParse(answer.Header("X-RateLimit-Remaining"), NumberStyles.None, CultureInfo.InvariantCulture, out var remaining))
        {
            yield return new ProviderQuota("requests", remaining, long.TryParse(answer.Header("X-RateLimit-Limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null);
        }
    }

    protected override string? ReadMessage(JsonElement body) =>
        string.Join(" ", body.ItemsAt("errors").Select(error => error.TextAt("message")).Where(message => message is not null)) is { Length: > 0 } messages ? messages : base.ReadMessage(body);

    private static IReadOnlyList<object> Addresses(string? list) =>
        [.. MailText.Split(list ?? "").Select(address => MailText.IsAddress(address) ? new { email = address } : throw new ProviderFault(ProviderFaultKind.Refused, $"\"{address}\" is not an e-mail address."))];

    private static TimeSpan? WaitUntilReset(ProviderAnswer answer) =>
        long.TryParse(answer.Header("X-RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset)
        && answer.Headers.Date is { } now && reset - now.ToUnixTimeSeconds() is > 0 and < 3600 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
}

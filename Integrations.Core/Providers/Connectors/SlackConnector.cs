using System.Net.Http.Headers;
using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

public sealed class SlackConnector : Connector
{
    private const string DefaultChannel = "defaultChannel";
    private const int MaxChoicePages = 5;

    public override ConnectorInfo Info { get; } = new(
        "slack", "Slack", ProviderCategory.Communication, "Team communication and notifications.", ["Notifications", "Messaging", "Alerts"], "https://docs.slack.dev/apis/web-api/",
        new ProviderTile("Sl", "#611f69"));

    public override ConnectorHelp Help { get; } = new(
        [
            "Open api.slack.com/apps and make an app from scratch in the workspace that the hub shall write to.",
            "Under OAuth & Permissions, add the hub's redirect URI, and these bot token scopes: channels:read, groups:read, channels:history, groups:history, users:read, users:read.email, chat:write.",
            "With OAuth: copy the client id and the client secret from Basic Information and enter both in Settings, Providers.",
            "With a token: install the app to the workspace and paste the Bot User OAuth Token (xoxb-…) here.",
            "Invite the app to every channel that it shall write to or read: /invite @name-of-the-app.",
        ],
        [
            "Apps that are distributed outside Slack's Marketplace may read messages once a minute, 15 at a time. An app that you made for your own workspace is not held to this.",
            "Token rotation may be switched on in the app: access tokens then live for 12 hours, by third parties' experience, and the hub renews them.",
            "Messages are read in the channels that the app is in, without the answers in threads. A sync of changes brings new messages; edited and deleted ones are noticed by a full sync.",
            "People who were deactivated count as deleted. Channels cannot be deleted in Slack, only archived.",
            "Slack limits each method for itself. The hub keeps to 50 calls a minute, which is right for most, and slows down when Slack says so.",
        ]);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } =
    [
        new OAuthMethod("https://slack.com/oauth/v2/authorize", "https://slack.com/api/oauth.v2.access")
        {
            RevocationUrl = "https://slack.com/api/auth.revoke",
            ScopeSeparator = ',',
            TokenFacts = ["bot_user_id", "app_id"],
            ClientEnvironment = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
        },
        new FieldsMethod(AuthMode.Token, [new("accessToken", "Bot token", "^xoxb-[0-9]{10,13}-[0-9]{10,13}[A-Za-z0-9-]*$", "It begins with xoxb-.")]),
    ];

    public override IReadOnlyList<ConnectorPermission> Permissions { get; } =
    [
        // Without it no channel could be chosen.
        new("read:channels", "See channels", ["channels:read", "groups:read"]) { IsOptional = false },
        new("read:users", "See people and their e-mail addresses", ["users:read", "users:read.email"]),
        new("read:messages", "Read messages in the channels that the app is in", ["channels:history", "groups:history"]),
        new("write:messages", "Send messages", ["chat:write"]),
    ];

    public override IReadOnlyList<ConnectorDataType> DataTypes => SlackData.Types;

    public override IReadOnlyList<ConnectorSetting> Settings { get; } =
        [new(DefaultChannel, "Channel", "Where messages go that name no channel.") { HasChoices = true, Pattern = "^[CGD][A-Z0-9]{6,}$" }];

    public override IReadOnlyList<ConnectorAction> Actions { get; } =
    [
        new("send-message", "Send a message", "write:messages",
        [
            new("channel", "Channel", ActionFieldKind.Choice) { IsOptional = true, Help = "The connection's channel when left empty." },
            new("text", "Message", ActionFieldKind.LongText),
            new("threadTs", "Thread") { IsOptional = true, Help = "The ts of the message to answer.", MaxLength = 32 },
        ]),
    ];

    public override string ApiBaseUrl => "https://slack.com/api";

    // Note: Slack tells whose token it is, not how it is sent.
    protected override IReadOnlyList<string> BearerTypes => ["bot", "user"];

    public override ProviderRateLimit RateLimit { get; } = ProviderRateLimit.PerMinute(50, concurrent: 3);

    public override async Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken)
    {
        var answer = (await session.SendAsync(ProviderRequest.PostForm("/auth.test") with { CanRepeat = true }, cancellationToken)).Json;
        var team = answer.TextAt("team_id") ?? "";
        return new ProviderAccount(team, answer.TextAt("team") ?? team)
        {
            // Slack's webhooks name the workspace by this.
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["team_id"] = team },
        };
    }

    public override async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ListChannelsAsync(session, "public_channel,private_channel", cancellationToken);
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.Forbidden)
        {
            // A pasted token may have been made without groups:read.
            return await ListChannelsAsync(session, "public_channel", cancellationToken);
        }
    }

    public override Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) => request.DataType switch
    {
        "channels" => SlackData.ReadChannelsAsync(session, request, cancellationToken),
        "users" => SlackData.ReadUsersAsync(session, request, cancellationToken),
        _ => SlackData.ReadMessagesAsync(session, request, cancellationToken),
    };

    public override async Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken)
    {
        var channel = input["channel"] ?? session.Setting(DefaultChannel) ?? throw new ProviderFault(ProviderFaultKind.Refused, "Choose a channel, here or in the connection's settings.");
        Dictionary<string, string> message = new(StringComparer.Ordinal) { ["channel"] = channel, ["text"] = input["text"] ?? "" };
        if (input["threadTs"] is { } thread)
        {
            message["thread_ts"] = thread;
        }

        var answer = (await session.SendAsync(ProviderRequest.PostJson("/chat.postMessage", message), cancellationToken)).Json;
        return new ActionAnswer("The message was sent.", answer.TextAt("ts"));
    }

    // Note: Slack answers 200 to nearly everything and says in the body whether it was done.
    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        if (!answer.IsSuccess || ErrorOf(answer.Json) is not { } error)
        {
            return base.ReadFault(answer);
        }

        var (kind, words) = error switch
        {
            "invalid_auth" or "not_authed" or "token_expired" or "token_revoked" or "account_inactive" => (ProviderFaultKind.Unauthorized, "the token is not good, or no longer"),
            "missing_scope" => (ProviderFaultKind.Forbidden, $"the token lacks the scope {answer.Json.TextAt("needed")}"),
            "no_permission" or "access_denied" or "ekm_access_denied" or "not_allowed_token_type" or "restricted_action" => (ProviderFaultKind.Forbidden, "the app may not do this"),
            "ratelimited" or "rate_limited" => (ProviderFaultKind.RateLimited, "too many calls"),
            "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" or "team_added_to_org" => (ProviderFaultKind.Unavailable, "it cannot do it at the moment"),
            "not_in_channel" => (ProviderFaultKind.Refused, "the app is not in this channel; invite it there first"),
            "channel_not_found" => (ProviderFaultKind.Refused, "there is no such channel, or the app cannot see it"),
            "is_archived" => (ProviderFaultKind.Refused, "the channel is archived"),
            "msg_too_long" => (ProviderFaultKind.Refused, "the message is too long"),
            _ => (ProviderFaultKind.Refused, "it refused"),
        };
        return FaultOf(kind, answer, $"{words} ({error})");
    }

    public override ProviderFault? ReadTokenFault(ProviderAnswer answer)
    {
        if (!answer.IsSuccess || ErrorOf(answer.Json) is not { } error)
        {
            return base.ReadTokenFault(answer);
        }

        var kind = error switch
        {
            // From Slack's tables of errors; which of them a spent code or refresh token gets is not written down.
            "invalid_code" or "code_already_used" or "code_expired" or "invalid_refresh_token" or "token_expired" or "token_revoked" or "invalid_auth" or "account_inactive" or "invalid_grant" =>
                ProviderFaultKind.GrantEnded,
            "invalid_client" or "invalid_client_id" or "bad_client_secret" or "oauth_authorization_url_mismatch" => ProviderFaultKind.ClientRefused,
            "ratelimited" => ProviderFaultKind.RateLimited,
            "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" or "temporarily_unavailable" => ProviderFaultKind.Unavailable,
            _ => ProviderFaultKind.Refused,
        };
        return FaultOf(kind, answer, error);
    }

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        try
        {
            // With token rotation the access token may have expired, and only a good one revokes.
            var current = CanRefresh(credential) ? (await RefreshAsync(exchange, credential, cancellationToken)).Credential : credential;
            using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Urls.Revocation);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", current.AccessToken);
            await exchange.SendAsync(request, cancellationToken);
        }
        catch (ProviderFault fault) when (fault.Kind == ProviderFaultKind.GrantEnded)
        {
            // It had ended already.
        }
    }

    private static async Task<IReadOnlyList<SettingChoice>> ListChannelsAsync(ProviderSession session, string types, CancellationToken cancellationToken)
    {
        List<SettingChoice> choices = [];
        var cursor = "";
        for (var page = 0; page < MaxChoicePages && (page == 0 || cursor.Length > 0); page++)
        {
            var answer = (await session.GetAsync($"/conversations.list?types={types}&exclude_archived=true&limit=1000{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}", cancellationToken)).Json;
            choices.AddRange(answer.ItemsAt("channels").Select(channel => new SettingChoice(channel.TextAt("id") ?? "", $"#{channel.TextAt("name")}")));
            cursor = answer.TextAt("response_metadata", "next_cursor") ?? "";
        }

        return [.. choices.OrderBy(choice => choice.Label, StringComparer.OrdinalIgnoreCase)];
    }

    private static string? ErrorOf(JsonElement body) => body.At("ok") is { ValueKind: JsonValueKind.True } ? null : body.TextAt("error") ?? "unknown_error";
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Slack;

/// <summary>The methods of Slack's Web API that the hub uses.</summary>
internal sealed class SlackApi(SlackProvider provider)
{
    private readonly SlackChannels _channels = new(provider.Control);
    private SlackLists? _lists;
    private int _posted;

    public static string TeamId(SandboxAccount account) => "T" + account.Letters("team", 10);

    public static string BotId(SandboxAccount account) => "U" + account.Letters("bot", 10);

    public static string UserId(SandboxAccount account) => "U" + account.Letters("user", 10);

    public static IResult Error(string error, int status = StatusCodes.Status200OK) => Answer.Json(new { ok = false, error }, status);

    public IResult Test(HttpContext context, AccessToken token)
    {
        var account = token.Grant.Account;
        context.Response.Headers["X-OAuth-Scopes"] = string.Join(',', token.Grant.Scopes);
        return Answer.Json(new
        {
            ok = true,
            url = $"https://{account.Email.Split('@')[1].Split('.')[0]}.slack.com/",
            team = account.Company,
            user = "integrations",
            team_id = TeamId(account),
            user_id = BotId(account),
            bot_id = "B" + account.Letters("bot", 10),
            is_enterprise_install = false,
        });
    }

    public IResult Revoke(HttpContext context, AccessToken token)
    {
        if (context.Request.Query["test"] != "1")
        {
            provider.Control.Grants.Revoke(token.Grant);
        }

        return Answer.Json(new { ok = true, revoked = true });
    }

    public IResult Team(HttpContext context, AccessToken token) =>
        Answer.Json(new { ok = true, team = new { id = TeamId(token.Grant.Account), name = token.Grant.Account.Company, domain = "sandbox" } });

    public async Task<IResult> ChannelsAsync(HttpContext context, AccessToken token)
    {
        var arguments = await ArgumentsAsync(context.Request, takesJson: false);
        var types = arguments.GetValueOrDefault("types", "public_channel").Split(',');
        if (!int.TryParse(arguments.GetValueOrDefault("limit", "100"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > 1000)
        {
            return Wrong(context, "limit must be 1 to 1000", "invalid_limit");
        }

        if (types.Except(["public_channel", "private_channel", "mpim", "im"], StringComparer.Ordinal).Any())
        {
            return Wrong(context, "types are public_channel, private_channel, mpim and im", "invalid_types");
        }

        if (types.Contains("private_channel", StringComparer.Ordinal) && !token.Grant.IsKey && !token.Grant.Scopes.Contains("groups:read", StringComparer.Ordinal))
        {
            provider.Control.Violated(context, "private channels need the scope groups:read");
            return Answer.Json(new { ok = false, error = "missing_scope", needed = "groups:read", provided = string.Join(',', token.Grant.Scopes) });
        }

        var page = _channels.Page(token.Grant.Account, types, arguments.GetValueOrDefault("exclude_archived") == "true", limit, arguments.GetValueOrDefault("cursor", ""));
        return page is null ? Error("invalid_cursor") : Answer.Json(new { ok = true, channels = page.Value.Channels, response_metadata = new { next_cursor = page.Value.Next } });
    }

    /// <summary>A method that only reads.</summary>
    public Func<HttpContext, AccessToken, Task<IResult>> Reading(Func<SlackLists, Func<HttpContext, AccessToken, IReadOnlyDictionary<string, string>, IResult>> method)
    {
        var answer = method(_lists ??= new SlackLists(provider, _channels));
        return async (context, token) => answer(context, token, await ArgumentsAsync(context.Request, takesJson: false));
    }

    public async Task<IResult> JoinAsync(HttpContext context, AccessToken token)
    {
        var arguments = await ArgumentsAsync(context.Request, takesJson: true);
        return _channels.Find(token.Grant.Account, arguments.GetValueOrDefault("channel", "")) switch
        {
            null or { IsPrivate: true } => Error("channel_not_found"),
            { IsArchived: true } => Error("is_archived"),
            var channel => Answer.Json(new { ok = true, channel = _channels.Join(token.Grant.Account, channel).View() }),
        };
    }

    public async Task<IResult> PostAsync(HttpContext context, AccessToken token)
    {
        var arguments = await ArgumentsAsync(context.Request, takesJson: true);
        var text = arguments.GetValueOrDefault("text", "");
        if (text.Length == 0 && !arguments.ContainsKey("blocks"))
        {
            return Wrong(context, "a message needs text or blocks", "no_text");
        }

        if (text.Length > 40_000)
        {
            return Wrong(context, "a message has at most 40,000 characters", "msg_too_long");
        }

        var channel = _channels.Find(token.Grant.Account, arguments.GetValueOrDefault("channel", ""));
        if (channel is null)
        {
            return Error("channel_not_found");
        }

        if (channel.IsArchived)
        {
            return Error("is_archived");
        }

        if (!channel.IsMember && (channel.IsPrivate || !token.Grant.Scopes.Contains("chat:write.public", StringComparer.Ordinal)))
        {
            return Error("not_in_channel");
        }

        var ts = string.Create(CultureInfo.InvariantCulture, $"1767603600.{Interlocked.Increment(ref _posted):000000}");
        provider.Control.Record("chat.postMessage", new Dictionary<string, string>(arguments, StringComparer.Ordinal) { ["channel_name"] = channel.Name, ["ts"] = ts }, Encoding.UTF8.GetBytes(text));
        return Answer.Json(new { ok = true, channel = channel.Id, ts, message = new { type = "message", text, ts, user = BotId(token.Grant.Account), team = TeamId(token.Grant.Account) } });
    }

    private IResult Wrong(HttpContext context, string rule, string error)
    {
        provider.Control.Violated(context, rule);
        return Error(error);
    }

    /// <summary>The query and the form; JSON only where the method writes, as with the real one.</summary>
    private async Task<Dictionary<string, string>> ArgumentsAsync(HttpRequest request, bool takesJson)
    {
        var arguments = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        if (request.HasFormContentType)
        {
            foreach (var (name, value) in await request.ReadFormAsync(request.HttpContext.RequestAborted))
            {
                arguments[name] = value.ToString();
            }
        }
        else if (request.HasMediaType("application/json"))
        {
            if (!takesJson)
            {
                provider.Control.Violated(request.HttpContext, "this method reads no JSON; what it held is ignored");
            }
            else if (await request.ReadObjectAsync() is { } body)
            {
                foreach (var property in body.EnumerateObject())
                {
                    arguments[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
                }
            }
        }

        return arguments;
    }
}

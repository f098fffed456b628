using System.Collections.Concurrent;
using System.Text.Json;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.SendGrid;

/// <summary>SendGrid: keys only; contact lists, and sending from addresses that were verified before.</summary>
internal sealed class SendGridProvider : SandboxProvider
{
    private const string MailSend = "mail.send";
    private const string Marketing = "marketing.read";

    private static readonly string[] _all = [MailSend, Marketing, "marketing.automation.read", "sender_verification_eligible", "user.account.read"];
    private readonly ConcurrentQueue<string> _lists = new(["Customers", "Newsletter", "Trial users", "Wholesale"]);

    private int _sent;

    public SendGridProvider(TimeProvider time)
        : base("sendgrid", "SendGrid", time)
    {
        Control.Grants.AddKey(SandboxKeys.SendGrid, DefaultAccount, _all);
        Control.Grants.AddKey(SandboxKeys.SendGridMailOnly, DefaultAccount, MailSend);
        Control.Data.Hold(SendGridContact.Type);
    }

    public override void Map(ProviderRoutes routes)
    {
        routes.Get("/v3/scopes", With((_, token) => Answer.Json(new { scopes = token.Grant.Scopes })));
        routes.Get("/v3/user/account", With((_, _) => Answer.Json(new { type = "paid", reputation = 99.7 }), "user.account.read"));
        routes.Get("/v3/verified_senders", With(Senders, "sender_verification_eligible"));
        routes.Get("/v3/marketing/lists", With(Lists, Marketing));
        routes.Post("/v3/marketing/lists", With(AddListAsync, Marketing));
        routes.Get("/v3/marketing/field_definitions", With((_, _) => Answer.Json(SendGridContact.Definitions), Marketing));
        new SendGridContacts(this, Time).Map(routes.Data, handler => With((context, token) => handler(context, Control.Data.Of(token.Grant.Account.Number)), Marketing));
        routes.Post("/v3/mail/send", With(SendAsync, MailSend));
    }

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        (context.Response.Headers["X-RateLimit-Limit"], context.Response.Headers["X-RateLimit-Remaining"]) = ("600", "0");
        context.Response.Headers["X-RateLimit-Reset"] = Time.GetUtcNow().AddSeconds(30).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Errors(StatusCodes.Status429TooManyRequests, null, "too many requests");
    }

    public override IResult NotFound(HttpContext context) => Errors(StatusCodes.Status404NotFound, null, "Not Found");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.Missing => Errors(StatusCodes.Status401Unauthorized, null, "authorization required"),
        AccessRefusal.MissingScope => Errors(StatusCodes.Status403Forbidden, null, "access forbidden"),
        _ => Errors(StatusCodes.Status401Unauthorized, null, "The provided authorization grant is invalid, expired, or revoked"),
    };

    public bool HasList(SandboxAccount account, string id) => _lists.Any(name => ListId(account, name) == id);

    public static string ListId(SandboxAccount account, string name) => account.Guid("list " + name);

    private IResult Lists(HttpContext context, AccessToken token)
    {
        var account = token.Grant.Account;
        return Answer.Json(new
        {
            result = _lists.Select(name => new { id = ListId(account, name), name, contact_count = 10 * name.Length }),
            _metadata = new { self = "https://api.sendgrid.com/v3/marketing/lists", count = _lists.Count },
        });
    }

    private async Task<IResult> AddListAsync(HttpContext context, AccessToken token)
    {
        if ((await context.Request.ReadObjectAsync())?.Text("name") is not { Length: > 0 } name)
        {
            return Violation(context, "a list has a name", Errors(StatusCodes.Status400BadRequest, "name", "name is required"));
        }

        if (_lists.Contains(name))
        {
            return Errors(StatusCodes.Status400BadRequest, "name", "list name already exists");
        }

        _lists.Enqueue(name);
        return Answer.Json(new { id = ListId(token.Grant.Account, name), name, contact_count = 0 }, StatusCodes.Status201Created);
    }

    private static IResult Senders(HttpContext context, AccessToken token) => Answer.Json(new
    {
        results = new[] { new { id = 1, nickname = token.Grant.Account.Company, from_email = token.Grant.Account.Email, from_name = token.Grant.Account.Company, reply_to = token.Grant.Account.Email, verified = true, locked = false } },
    });

    private async Task<IResult> SendAsync(HttpContext context, AccessToken token)
    {
        if (await context.Request.ReadObjectAsync() is not { } mail)
        {
            return Violation(context, "mail/send wants JSON", Errors(StatusCodes.Status400BadRequest, null, "Bad Request"));
        }

        if (SendGridMail.Fault(mail) is var (field, message))
        {
            return Violation(context, message, Errors(StatusCodes.Status400BadRequest, field, message));
        }

        // The address is a user's choice, so a wrong one is no fault of the client. Every address of an example domain counts as verified here.
        var from = SendGridMail.From(mail);
        if (from != token.Grant.Account.Email && !SendGridMail.IsExampleDomain(from))
        {
            return Errors(StatusCodes.Status403Forbidden, "from", "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.");
        }

        var id = Mint.Letters(22, Key, "message", Interlocked.Increment(ref _sent));
        Control.Record("mail.send", SendGridMail.Facts(mail), JsonSerializer.SerializeToUtf8Bytes(mail));
        context.Response.Headers["X-Message-Id"] = id;
        return Answer.Status(StatusCodes.Status202Accepted);
    }

    public static IResult Errors(int status, string? field, string message) => Answer.Json(new { errors = new[] { new { message, field, help = (string?)null } } }, status);
}

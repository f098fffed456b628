using System.Globalization;

namespace Integrations.Sandbox.Providers.SqlAccounting;

/// <summary>SQL Accounting: every call is signed with AWS Signature Version 4; the access key tells which company is meant.</summary>
internal sealed class SqlAccountingProvider : SandboxProvider
{
    private readonly SignatureCheck _signature;

    public SqlAccountingProvider(TimeProvider time)
        : base("sql-accounting", "SQL Accounting", time)
    {
        _signature = new SignatureCheck(time);
        Control.Grants.AddKey(SandboxKeys.SqlAccountingAccessKey, DefaultAccount);
        Control.Data.Hold(SqlAccountingTypes.All);
    }

    public override void Map(ProviderRoutes routes)
    {
        routes.Get("/healthcheck", Signed(_ => Answer.Json(new { status = "ok" })));
        routes.Get("/version", Signed(_ => Answer.Json(new { data = new[] { new { version = "5.2026.1015.880" } } })));
        routes.Get("/profile", Signed(_ => Answer.Json(new
        {
            data = new[] { new { companyname = DefaultAccount.Company, brn = DefaultAccount.Digits("brn", 12), address1 = "12 Harbour Road", email = DefaultAccount.Email, currencysymbol = "RM" } },
        })));
        routes.Get("/agent", Signed(context => Rows(context, ["----", "AISHA", "TOMAS"])));
        new SqlAccountingData(Control).Map(routes.Data, handler => SignedAsync(context => handler(context, Control.Data.Of(DefaultAccount.Number))));
    }

    // What the gateway in front says; no limits are published (unverified).
    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return Answer.Json(new { message = "Too Many Requests" }, StatusCodes.Status429TooManyRequests);
    }

    public override IResult NotFound(HttpContext context) => Forbidden("Missing Authentication Token");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => Forbidden("The security token included in the request is invalid.");

    private Func<HttpContext, Task<IResult>> Signed(Func<HttpContext, IResult> handler) => SignedAsync(context => Task.FromResult(handler(context)));

    private Func<HttpContext, Task<IResult>> SignedAsync(Func<HttpContext, Task<IResult>> handler) => async context =>
    {
        var signed = await _signature.CheckAsync(context.Request);
        if (signed.Fault is { } fault)
        {
            return fault.IsViolation ? Violation(context, fault.Message, Forbidden(fault.Message)) : Forbidden(fault.Message);
        }

        return Control.Grants.FindAccess(signed.AccessKey) is { } key && Control.Grants.Judge(key) == OAuth.TokenVerdict.Good
            ? await handler(context)
            : Refuse(context, AccessRefusal.Revoked, "");
    };

    private IResult Rows(HttpContext context, string[] codes)
    {
        var query = context.Request.Query;
        if (!TryNumber(query["offset"].ToString(), 0, out var offset) || !TryNumber(query["limit"].ToString(), 50, out var limit))
        {
            return Violation(context, "offset and limit are numbers", Answer.Json(new { message = "Bad request" }, StatusCodes.Status400BadRequest));
        }

        // Never more than 50 at once, whatever was asked for.
        return Answer.Json(new { data = codes.Skip(offset).Take(Math.Min(limit, 50)).Select(code => new { code, description = code, isactive = true }) });
    }

    private static bool TryNumber(string text, int byDefault, out int number)
    {
        number = byDefault;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static IResult Forbidden(string message) => Answer.Json(new { message }, StatusCodes.Status403Forbidden);
}

using System.Globalization;

namespace Integrations.Sandbox.Providers.AutoCount;

/// <summary>AutoCount Cloud Accounting: two GUIDs in headers, and the account book as the first part of the path.</summary>
internal sealed class AutoCountProvider : SandboxProvider
{
    private const int PageSize = 100;
    private const int Debtors = 130;

    public AutoCountProvider(TimeProvider time)
        : base("autocount", "AutoCount", time) => Control.Grants.AddKey(SandboxKeys.AutoCountApiKey, DefaultAccount);

    public override void Map(ProviderRoutes routes) => routes.Get("/{book}/debtor/listing", With(Listing));

    public override IResult NotFound(HttpContext context) => Error(StatusCodes.Status404NotFound, "Not Found");

    // Both headers make one credential.
    protected override string? ReadToken(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!Guid.TryParse(headers["Key-ID"].ToString(), out _) || !Guid.TryParse(headers["API-Key"].ToString(), out _))
        {
            return null;
        }

        return headers["Key-ID"] == SandboxKeys.AutoCountKeyId ? headers["API-Key"].ToString() : "another key id";
    }

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => Error(StatusCodes.Status401Unauthorized, "Unauthorized");

    private IResult Listing(HttpContext context, OAuth.AccessToken token)
    {
        // What the real one says to a book of somebody else is not documented (unverified).
        if (context.Request.RouteValues["book"]?.ToString() != SandboxKeys.AutoCountBook)
        {
            return Error(StatusCodes.Status401Unauthorized, "The API key has no access to this account book");
        }

        var asked = context.Request.Query["page"].ToString();
        if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var page) || page < 1)
        {
            return Violation(context, "page is a number from 1", Error(StatusCodes.Status400BadRequest, "page is invalid"));
        }

        var data = Enumerable.Range(1, Debtors).Skip((page - 1) * PageSize).Take(PageSize).Select(number => new
        {
            AccNo = string.Create(CultureInfo.InvariantCulture, $"300-{number:0000}"),
            CompanyName = new SandboxAccount(Key, number).Company + string.Create(CultureInfo.InvariantCulture, $" {number}"),
            CurrencyCode = "MYR",
            CreditTerm = "C.O.D.",
            IsActive = true,
        });
        return Answer.Json(new { data, totalCount = Debtors });
    }

    private static IResult Error(int status, string message) => Answer.Json(new { statusCode = status, message }, status);
}

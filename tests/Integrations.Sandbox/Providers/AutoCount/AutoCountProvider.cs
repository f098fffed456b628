using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.AutoCount;

/// <summary>AutoCount Cloud Accounting: two GUIDs in headers, and the account book as the first part of the path.</summary>
internal sealed class AutoCountProvider : SandboxProvider
{
    public AutoCountProvider(TimeProvider time)
        : base("autocount", "AutoCount", time)
    {
        Control.Grants.AddKey(SandboxKeys.AutoCountApiKey, DefaultAccount);
        Control.Data.Hold(AutoCountTypes.All);
    }

    public override void Map(ProviderRoutes routes)
    {
        var (data, lists, writes) = (routes.Data, new AutoCountLists(this), new AutoCountWrites(this));
        data.Get("/{book}/debtor/listing", InBook((context, account) => Task.FromResult(lists.Debtors(context, account))));
        data.Get("/{book}/debtor", InBook((context, account) => Task.FromResult(lists.One(context, account, "debtor", "code"))));
        data.Post("/{book}/debtor", InBook((context, account) => writes.DebtorAsync(context, account, isNew: true)));
        data.Put("/{book}/debtor", InBook((context, account) => writes.DebtorAsync(context, account, isNew: false)));
        data.Post("/{book}/product/listing", InBook(lists.ProductsAsync));
        data.Get("/{book}/product", InBook((context, account) => Task.FromResult(lists.One(context, account, "product", "code"))));
        data.Post("/{book}/product", InBook((context, account) => writes.ProductAsync(context, account, isNew: true)));
        data.Put("/{book}/product", InBook((context, account) => writes.ProductAsync(context, account, isNew: false)));
        data.Get("/{book}/invoice/listing", InBook((context, account) => Task.FromResult(lists.Invoices(context, account))));
        data.Post("/{book}/invoice/listing", InBook(lists.FilteredInvoicesAsync));
        data.Get("/{book}/invoice", InBook((context, account) => Task.FromResult(lists.One(context, account, "invoice", "docNo"))));
        data.Post("/{book}/invoice", InBook((context, account) => writes.InvoiceAsync(context, account, isNew: true)));
        data.Put("/{book}/invoice", InBook((context, account) => writes.InvoiceAsync(context, account, isNew: false)));
    }

    public override IResult NotFound(HttpContext context) => Error(StatusCodes.Status404NotFound, "Not Found");

    public IResult Wrong(HttpContext context, string rule) => Violation(context, rule, Error(StatusCodes.Status400BadRequest, rule));

    public static IResult Error(int status, string message) => Answer.Json(new { statusCode = status, message }, status);

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

    // What the real one says to a book of somebody else is not documented (unverified).
    private Func<HttpContext, Task<IResult>> InBook(DataHandler handler) => With((context, token) => context.Request.RouteValues["book"]?.ToString() == SandboxKeys.AutoCountBook
        ? handler(context, Control.Data.Of(token.Grant.Account.Number))
        : Task.FromResult(Error(StatusCodes.Status401Unauthorized, "The API key has no access to this account book")));
}
